import { expect, it } from 'vitest';

import type { Tree } from '../../../project/make-tree.ts';
import { openHookSite } from './hook-site.ts';

const COMPOSE = {
  image: undefined,
  dockerComposeFile: 'compose.yml',
  service: 'app',
  workspaceFolder: '/w',
} as const;
const NAMED: Tree = {
  '.devcontainer/compose.yml':
    'services: {app: {build: ., volumes: ["..:/w"]}, db: {image: "postgres:17", volumes: ["data:/var/lib/postgresql/data"]}}',
};
const ANONYMOUS: Tree = {
  '.devcontainer/compose.yml': 'services: {app: {build: ., volumes: ["..:/w"]}, db: {image: "postgres:17"}}',
};
const BOUND: Tree = {
  '.devcontainer/compose.yml':
    'services: {app: {build: ., volumes: ["..:/w"]}, db: {image: "postgres:17", volumes: ["../pgdata:/var/lib/postgresql/data"]}}',
  'pgdata/PG_VERSION': '17\n',
};

const judge = async (hooks: object, tree: Tree = {}): Promise<readonly (readonly [string, unknown])[]> =>
  (await (await openHookSite(hooks, tree)).judge(true))
    .filter(({ code }) => code === 'devcontainer-hook-deletes-data')
    .map(({ message, severity }) => [message, severity]);

it('says what is lost, and how often', async () => {
  expect(await judge({ ...COMPOSE, initializeCommand: 'docker compose down -v' }, NAMED)).toEqual([
    [
      'initializeCommand runs `docker compose down -v` each time the dev container is created or started, which deletes the volumes of its services, and the database with them.',
      'error',
    ],
  ]);
  expect(await judge({ postCreateCommand: 'python manage.py flush --noinput' })).toEqual([
    [
      'postCreateCommand runs `manage.py flush` when the dev container is created or rebuilt, which deletes all rows of the database.',
      'warning',
    ],
  ]);
  const [[attached] = []] = await judge({ postAttachCommand: 'git reset --hard' });
  expect(attached).toMatch(/^postAttachCommand runs `git reset --hard` each time an editor attaches/);
});

it.each<[string, Tree?]>([
  ['docker compose down --volumes', NAMED],
  ['docker compose down -t 5 -v', NAMED],
  ['docker compose -f .devcontainer/compose.yml down -v && echo', NAMED],
  ['docker-compose down -v --remove-orphans', NAMED],
  ['podman compose down -v', NAMED],
  ['docker-compose rm -sfv', ANONYMOUS],
  ['docker compose up -d -V', ANONYMOUS],
  ['docker volume rm app_pgdata', NAMED],
  ['docker volume prune -f'],
  ['docker system prune -af --volumes'],
  ['dropdb --if-exists shop'],
  ['psql -U postgres -c "DROP DATABASE IF EXISTS shop"'],
  ['psql -tc "drop schema public cascade; create schema public"'],
  ['psql <<END\nTRUNCATE orders;\nEND'],
  ['echo "DROP SCHEMA public CASCADE;" | psql shop'],
  ['psql -f reset.sql', { 'reset.sql': '-- start again\nDROP DATABASE shop;\n' }],
  ['mysql -e "DROP DATABASE shop"'],
  ['pg_restore --clean -d shop dump'],
  ['./manage.py reset_db --noinput'],
  ['cd backend && poetry run python manage.py flush --no-input', { 'backend/x': '' }],
  ['echo yes | python manage.py flush'],
  ['python manage.py sqlflush | psql'],
  ['python manage.py sqlflush | python manage.py dbshell'],
  ['python manage.py migrate shop zero'],
  ['docker compose exec -T web python manage.py flush --noinput'],
  ['npx --no-install devsetup db reset --yes'],
  ['rm -rf pgdata', BOUND],
  ['rm -rf ./pgdata/*', BOUND],
  ['sudo rm -rf ${containerWorkspaceFolder}/pgdata', BOUND],
  ['rm -f db.sqlite3'],
  ['git clean -fdx'],
  ['git reset --hard origin/main'],
  ['git fetch && git checkout -- .'],
  ['git checkout -f'],
  ['git restore .'],
  ['git stash clear'],
  ['bash reset.sh', { 'reset.sh': 'set -e\nclean() {\n  dropdb shop\n}\nclean\n' }],
  ['sh -c "dropdb shop"'],
  ['make db', { Makefile: 'db: drop\n\techo\ndrop:\n\t@dropdb shop\n' }],
  ['npm run db', { 'package.json': '{"scripts":{"db":"dropdb shop"}}' }],
])('%s is reported', async (command, tree = {}) => {
  const base = '.devcontainer/compose.yml' in tree ? COMPOSE : {};
  // It is not text that is found, and who asks is not accused.
  const onCreateCommand = ['echo', command];
  const updateContentCommand = `if [ "$RESET" = 1 ]; then\n${command}\nfi`;
  const found = await judge({ ...base, onCreateCommand, updateContentCommand, postStartCommand: command }, tree);
  expect(found.map(([message]) => message)).toEqual([expect.stringMatching(/^postStartCommand runs/)]);
});

it.each<[string, Tree?]>([
  ['docker compose down', NAMED],
  ['docker compose down --rmi local -t 1', NAMED],
  ['docker compose -f docker-compose.test.yml down -v', NAMED],
  ['docker compose -p ci down -v', NAMED],
  ['docker compose rm -sfv', NAMED],
  ['docker compose up -d -V', NAMED],
  ['docker compose run -v x:/y app', ANONYMOUS],
  ['docker volume rm app_node_modules'],
  ['docker volume prune'],
  ['docker volume create data'],
  ['docker system prune -af'],
  ['docker volume rm "$OLD"'],
  ['dropdb test_shop'],
  ['dropdb -i shop'],
  ['psql -c "SELECT \'DROP DATABASE shop\'"'],
  ['psql -c "DROP DATABASE IF EXISTS test_shop"'],
  ['psql -c "CREATE SCHEMA IF NOT EXISTS shop"'],
  ['pg_dump --clean shop > dump.sql'],
  ['pg_restore -Fc -d shop dump'],
  ['python manage.py flush'],
  ['python manage.py migrate shop zero --fake'],
  ['python manage.py migrate shop 0001'],
  ['python manage.py sqlflush'],
  ['npx --no-install devsetup db reset'],
  ['rm -rf pgdata', NAMED],
  ['rm -rf node_modules dist', BOUND],
  ['rm -f pgdata', BOUND],
  ['git clean -n'],
  ['git clean -fdx node_modules'],
  ['git clean -fdx -e .env'],
  ['cd /tmp/other && git reset --hard'],
  ['git -C /tmp/other reset --hard'],
  ['git clone x vendor/x && cd vendor/x && git reset --hard'],
  ['git checkout main'],
  ['git checkout -b x'],
  ['git reset'],
  ['git restore --staged .'],
  ['read -p "sure? " answer; dropdb shop'],
  ['[ "$RESET" = 1 ] || exit 0\ndropdb shop'],
  ['psql -l || dropdb shop'],
  ['case "$1" in reset) dropdb shop;; esac'],
  ['bash setup.sh', { 'setup.sh': 'reset() { dropdb shop; }\ntrap reset EXIT\necho ready\n' }],
  ['bash setup.sh', { 'setup.sh': '# dropdb shop\ncat <<END\ndropdb shop\nEND\n' }],
])('%s is no finding', async (command, tree = {}) => {
  const base = '.devcontainer/compose.yml' in tree ? COMPOSE : {};
  expect(await judge({ ...base, initializeCommand: command }, tree)).toEqual([]);
});

it.each([
  'initializeCommand',
  'onCreateCommand',
  'updateContentCommand',
  'postCreateCommand',
  'postStartCommand',
  'postAttachCommand',
])('is found in %s as a string, as a list and in an object', async (hook) => {
  for (const command of [
    'dropdb shop',
    ['dropdb', 'shop'],
    { a: 'true', b: 'dropdb shop' },
    { a: ['sh', '-c', 'dropdb shop'] },
  ])
    expect(await judge({ [hook]: command })).toHaveLength(1);
});

it('points to the line of the script, and shows no argument that may be a secret', async () => {
  const site = await openHookSite(
    { postStartCommand: 'bash scripts/reset.sh' },
    { 'scripts/reset.sh': '#!/bin/bash\n\npsql postgres://me:hunter2@db/shop -c "DROP SCHEMA public CASCADE"\n' },
  );
  const [problem] = await site.judge();
  expect(problem).toMatchObject({ place: { file: 'scripts/reset.sh', line: 3 } });
  expect(JSON.stringify(problem)).not.toContain('hunter2');
});
