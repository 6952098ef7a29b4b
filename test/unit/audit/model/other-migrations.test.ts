import { describe, expect, it } from 'vitest';

import { readOtherMigration } from '../../../../src/audit/model/other-migrations.ts';

const read = (command: string): string | null => readOtherMigration(command.split(' '));

describe('the migrations of tools that are not of Django', () => {
  it.each([
    ['alembic upgrade head', 'alembic upgrade'],
    ['python -m alembic -c db/alembic.ini upgrade head', 'alembic upgrade'],
    ['flask --app shop db upgrade', 'flask db upgrade'],
    ['bundle exec rails db:migrate', 'rails db:migrate'],
    ['bin/rails db:prepare', 'rails db:prepare'],
    ['rake db:migrate RAILS_ENV=production', 'rake db:migrate'],
    ['php artisan migrate --force', 'artisan migrate'],
    ['php bin/console doctrine:migrations:migrate --no-interaction', 'console doctrine:migrations:migrate'],
    ['npx prisma migrate deploy', 'prisma migrate deploy'],
    ['npx --no-install prisma@5.1.0 migrate deploy', 'prisma migrate deploy'],
    ['./node_modules/.bin/knex migrate:latest --env production', 'knex migrate:latest'],
    ['node node_modules/typeorm/cli.js migration:run -d dist/data.js', 'typeorm migration:run'],
    ['npx typeorm-ts-node-commonjs migration:run -d src/data.ts', 'typeorm-ts-node-commonjs migration:run'],
    ['yarn sequelize-cli db:migrate', 'sequelize-cli db:migrate'],
    ['npx drizzle-kit migrate', 'drizzle-kit migrate'],
    ['flyway -url=jdbc:postgresql://db/shop migrate', 'flyway migrate'],
    ['liquibase --changelog-file=all.xml update', 'liquibase update'],
    ['goose -dir migrations postgres host=db up', 'goose up'],
    ['migrate -path db -database postgres://db up', 'migrate up'],
    ['diesel migration run', 'diesel migration run'],
    ['sqlx migrate run', 'sqlx migrate run'],
    ['dotnet ef database update', 'dotnet database update'],
    ['mix ecto.migrate', 'mix ecto.migrate'],
    ['supabase db push', 'supabase db push'],
    ['atlas migrate apply --env prod', 'atlas migrate apply'],
    ['tsx --env-file=.env server/migrate.ts', 'tsx server/migrate.ts'],
    ['node --import tsx src/db/migrate.mts', 'node src/db/migrate.mts'],
    ['node dist/database/run-migrations.js', 'node dist/database/run-migrations.js'],
    ['npx ts-node scripts/runMigrations.ts', 'ts-node scripts/runMigrations.ts'],
    ['uv run python ops/run_migrations.py --noinput', 'python ops/run_migrations.py'],
    ['php database/migrate.php', 'php database/migrate.php'],
  ])('are recognised: %s', (command, name) => {
    expect(read(command)).toBe(name);
  });

  it.each([
    'echo alembic upgrade head',
    'alembic current',
    'alembic upgrade head --sql',
    'alembic --help',
    'bundle exec rails server',
    'php artisan migrate --pretend',
    'php artisan migrate:status',
    'npx prisma generate',
    'npx prisma migrate status',
    'npm run build',
    'npm install knex',
    'sqlx database create',
    'dotnet build',
    'git push origin up',
    'python manage.py migrate',
    'docker compose up',
    'node scripts/migrate-images.js',
    'tsx server/migrate.ts --dry-run',
    'node dist/migrate.js down',
    'python migrations/check.py',
    'node server.js migrate.js',
  ])('are not mistaken for them: %s', (command) => {
    expect(read(command)).toBeNull();
  });
});
