import { describe, expect, test } from 'vitest';
import { readMigration } from '../../../../src/audit/model/migrations.ts';
import { DEFAULT_AUDIT_CONFIG } from '../../../../src/config/audit-config.ts';
import { createSource, placeRange, spanOf } from '../../../../src/core/placed-text.ts';
import type { ShellCall } from '../../../../src/shell/shell-run.ts';

const callOf = (line: string): ShellCall => {
  const source = createSource('script', line);
  const words = [...line.matchAll(/\S+/g)].map((match) => {
    const placed = placeRange(source, match.index, match.index + match[0].length);
    return { value: match[0], placed, span: spanOf(placed), origins: [] };
  });
  const span = spanOf(placeRange(source, 0, line.length));
  return {
    words,
    text: words.map(({ value }) => value).join('\0'),
    span,
    prefix: new Map(),
    exported: new Map(),
    layers: [],
    fate: { kind: 'fails' },
    isConditional: false,
    ways: [],
    mayBeSkipped: false,
    isFallback: false,
    output: 'shown',
    outputTo: null,
    input: null,
    isTraced: false,
    errexit: true,
    directory: '',
    elsewhere: '',
  };
};

const config = {
  ...DEFAULT_AUDIT_CONFIG,
  migrateCommands: ['alembic upgrade', 'npm run db:migrate'],
  tenantCommands: ['manage.py make_customer'],
};
const stageOf = (line: string): string | null => readMigration(callOf(line), config)?.stage ?? null;

describe('a migration command', () => {
  test.each([
    ['python manage.py migrate', 'plain'],
    ['./manage.py migrate --noinput', 'plain'],
    ['manage.py migrate app 0003', 'plain'],
    ['python /app/manage_prod.py migrate', 'plain'],
    ['/srv/app/.venv/bin/python3.11 -u backend/manage.py migrate', 'plain'],
    ['python -W ignore -m django migrate', 'plain'],
    ['django-admin migrate --settings=a.b', 'plain'],
    ['doppler run -- python manage.py migrate', 'plain'],
    ['python manage.py migrate_schemas --shared', 'shared'],
    ['python manage.py migrate_schemas --tenant --noinput', 'tenants'],
    ['python manage.py migrate_schemas --schema=public', 'shared'],
    ['python manage.py migrate_schemas -s public', 'shared'],
    ['python manage.py migrate_schemas --schema acme', 'tenants'],
    ['python manage.py migrate_schemas --shared --tenant', 'both'],
    ['python manage.py migrate_schemas', 'both'],
    ['python manage.py tenant_command migrate --schema=a', 'tenants'],
    ['python manage.py create_super_tenant', 'super-tenant'],
    ['python manage.py ensure_public_tenant', 'super-tenant'],
    ['npx --no-install devsetup migrate --environment prod', 'devsetup'],
    ['devsetup migrate', 'devsetup'],
    ['pnpm exec devsetup migrate', 'devsetup'],
    ['alembic -c x.ini upgrade head', 'configured'],
    ['npm run db:migrate', 'configured'],
    ['python manage.py make_customer', 'super-tenant'],
  ])('%s is %s', (line, stage) => {
    expect(stageOf(line)).toBe(stage);
  });

  test.each([
    'python manage.py migrate --check',
    'python manage.py migrate --plan',
    'python manage.py makemigrations --check',
    'python manage.py showmigrations',
    'python manage.py sqlmigrate app 0001',
    'python manage.py test migrate',
    'echo python manage.py migrate',
    'grep -r manage.py migrate',
    'python manage.py list_tenants',
    'python manage.py tenant_command shell',
    'python script.py migrate',
    'python -m pytest manage.py migrate',
    'devsetup migrate --dry-run',
    'devsetup doctor migrate',
    'alembic history upgrade-notes',
    'echo npm run db:migrate',
  ])('%s is none', (line) => {
    expect(stageOf(line)).toBeNull();
  });

  test('its flags and arguments are kept as they are written', () => {
    expect(readMigration(callOf('python manage.py migrate billing 0002 --noinput --database=x'), config)).toMatchObject(
      {
        command: 'migrate',
        flags: ['--noinput', '--database=x'],
        args: ['billing', '0002'],
      },
    );
  });
});
