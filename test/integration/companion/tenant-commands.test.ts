import { afterEach, describe, expect, test } from 'vitest';
import { createDatabase } from '../../support/postgres.ts';
import type { TestDatabase } from '../../support/postgres.ts';
import { DJANGO_42, DJANGO_52 } from '../../support/venv.ts';
import { createProject, runAndRead, start } from './support/django-project.ts';
import { tenantFiles } from './support/tenant-project.ts';

let database: TestDatabase | undefined;
afterEach(async () => {
  await database?.drop();
  database = undefined;
});

const COMMANDS = {
  prepare: `
from django.core.management import call_command
call_command('makemigrations', 'customers', 'people', verbosity=0)`,
  create: `
from customers.models import Client
Client(schema_name=options['words'][0], name='x').save(verbosity=0)`,
  remove: `
from customers.models import Client
Client.objects.get(schema_name=options['words'][0]).delete(force_drop=True)`,
  where: `
from django.db import connection
print('fresh', connection.connection is None)
with connection.cursor() as cursor:
    cursor.execute('SELECT current_schema()')
    print(connection.schema_name, cursor.fetchone()[0])`,
};

describe.each([
  ['Django 4.2 with psycopg 2', DJANGO_42],
  ['Django 5.2 with psycopg 3', DJANGO_52],
])('commands of a project with tenant schemas, on %s', (_title, requirements) => {
  test('report the tenants that came and went, and the schema of each migration', async () => {
    database = await createDatabase();
    const project = await createProject(tenantFiles({ database }), COMMANDS, {}, requirements);
    const preparing = await start(project);
    expect(await runAndRead(preparing, 'prepare')).toEqual({ exitCode: 0, output: '' });
    const client = await start(project);

    // No tenant table yet: nothing came, nothing went, and the command itself starts without a connection.
    expect(await runAndRead(client, 'where')).toEqual({ exitCode: 0, output: 'fresh True\npublic public\n' });
    const shared = await client.run({ command: 'migrate_schemas', args: ['--shared', '-v', '0'] });
    expect(shared).toMatchObject({ exitCode: 0, error: null, tenantsAdded: [], tenantsRemoved: [] });
    expect(shared.migrations).toContainEqual(
      expect.objectContaining({ schema: 'public', migration: 'customers.0001_initial', faked: false }),
    );

    const created = await client.run({ command: 'create', args: ['blue'] });
    expect(created).toMatchObject({ exitCode: 0, tenantsAdded: ['blue'], tenantsRemoved: [] });
    expect(new Set(created.migrations.map(({ schema }) => schema))).toEqual(new Set(['blue']));

    const parallel = await client.run({ command: 'create', args: ['green'] });
    expect(parallel.tenantsAdded).toEqual(['green']);
    let output = '';
    await client.run({ command: 'where', args: [], schema: 'blue' }, { onOutput: (chunk) => void (output += chunk) });
    expect(output).toBe('fresh True\nblue blue\n');

    const removed = await client.run({ command: 'remove', args: ['green'] });
    expect(removed).toMatchObject({ exitCode: 0, tenantsAdded: [], tenantsRemoved: ['green'] });
    expect(client.starts()).toBe(1);
  });

  test('report migrations of forked processes too', async () => {
    database = await createDatabase();
    const project = await createProject(tenantFiles({ database }), COMMANDS, {}, requirements);
    await runAndRead(await start(project), 'prepare');
    const client = await start(project);
    await client.run({ command: 'migrate_schemas', args: ['--shared', '-v', '0'] });
    await client.run({ command: 'create', args: ['blue'] });
    await client.run({ command: 'create', args: ['green'] });
    await client.run({ command: 'migrate_schemas', args: ['contenttypes', '0001', '--tenant', '-v', '0'] });
    const result = await client.run({
      command: 'migrate_schemas',
      args: ['--tenant', '-v', '0', '--executor', 'multiprocessing'],
    });
    expect(result.exitCode).toBe(0);
    expect(result.migrations.map(({ schema, migration }) => `${schema} ${migration}`).sort()).toEqual([
      'blue contenttypes.0002_remove_content_type_name',
      'green contenttypes.0002_remove_content_type_name',
    ]);
  });
});

test('without a reachable database the command itself says so', async () => {
  const client = await start(await createProject(tenantFiles(), COMMANDS));
  const result = await client.run({ command: 'where', args: [] });
  expect(result).toMatchObject({
    exitCode: 1,
    error: { code: 'DATABASE_ERROR' },
    tenantsAdded: [],
    tenantsRemoved: [],
  });
});
