import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

import type { MigrateTenantsResult } from '../../../src/django/protocol.ts';
import { until } from '../../support/until.ts';
import {
  addRows,
  createModel,
  endSessions,
  GENERATIONS,
  migrateShared,
  migrateTenants,
  migration,
  sql,
  startShared,
  startSite,
} from './support/tenant-site.ts';

const outcomes = ({ results }: MigrateTenantsResult): Record<string, string> =>
  Object.fromEntries(results.map(({ schema, outcome }) => [schema, outcome]));

const NOTES = createModel(
  'Note',
  `('text', models.TextField()),
   ('company', models.ForeignKey('crm.company', on_delete=models.deletion.CASCADE)),
   ('kind', models.ForeignKey('contenttypes.contenttype', null=True, on_delete=models.deletion.CASCADE))`,
);

/** Writes a note that points at the content type as the tenant's own schema numbers it. */
const FILL = `
def fill(apps, schema_editor):
    if connection.schema_name == 'public':
        return
    Company, Note = apps.get_model('crm', 'Company'), apps.get_model('crm', 'Note')
    ContentType = apps.get_model('contenttypes', 'ContentType')
    kind = ContentType.objects.get_for_model(Company)
    company = Company.objects.create(name=connection.schema_name)
    Note.objects.create(text=connection.schema_name, company=company, kind=kind)
`;
const FILL_AGAIN = FILL.replace('kind = ', 'assert Company._meta.get_field("rank")\n    kind = ');

const AFTER_CITY = {
  'crm/migrations/0003_note.py': migration(
    "('crm', '0002_city'), ('contenttypes', '0002_remove_content_type_name')",
    NOTES,
  ),
  'crm/migrations/0004_fill.py': migration("('crm', '0003_note')", 'migrations.RunPython(fill)', FILL),
  'crm/migrations/0005_rank.py': migration(
    "('crm', '0004_fill')",
    `migrations.AddField('Company', 'rank', models.IntegerField(null=True, db_index=True)),
     migrations.AlterField('Company', 'name', models.CharField(max_length=120))`,
  ),
  'crm/migrations/0006_again.py': migration("('crm', '0005_rank')", 'migrations.RunPython(fill)', FILL_AGAIN),
  'crm/migrations/0007_rename.py': migration(
    "('crm', '0006_again')",
    `migrations.RenameModel('Note', 'Memo'), migrations.SeparateDatabaseAndState(
        database_operations=[migrations.AddField('Company', 'extra', models.IntegerField(default=7))],
        state_operations=[migrations.AddField('Company', 'extra', models.IntegerField(default=7))])`,
  ),
  'crm/migrations/0008_last.py': migration(
    "('crm', '0007_rename')",
    'migrations.RunPython(check)',
    `
def check(apps, schema_editor):
    if connection.schema_name != 'public':
        assert set(apps.get_model('crm', 'Company').objects.values_list('extra', flat=True)) == {7}
        assert apps.get_model('crm', 'Memo').objects.filter(company__rank=None).count() == 2
`,
  ),
};

const MODELS = {
  'crm/models.py': `
from django.db import models
class Company(models.Model):
    name = models.CharField(max_length=120)
    city = models.CharField(max_length=50, default='')
    rank = models.IntegerField(null=True, db_index=True)
    extra = models.IntegerField(default=7)
class Memo(models.Model):
    text = models.TextField()
    company = models.ForeignKey(Company, on_delete=models.CASCADE)
    kind = models.ForeignKey('contenttypes.ContentType', null=True, on_delete=models.CASCADE)
`,
};

/** Raises in the schemas that the environment variable BROKEN names; in those that SLOW names, waits for a file `go`. */
const HOOK = {
  'crm/migrations/0003_hook.py': migration(
    "('crm', '0002_city')",
    'migrations.RunPython(hook)',
    `
import os, time
def hook(apps, schema_editor):
    if connection.schema_name in os.environ.get('BROKEN', '').split(','):
        raise ValueError('no luck with ' + connection.schema_name)
    if connection.schema_name in os.environ.get('SLOW', '').split(','):
        apps.get_model('crm', 'Company').objects.create(name='half done')
        while not os.path.exists('go'):
            time.sleep(0.05)
`,
  ),
};

const LISTENERS = {
  'crm/apps.py': `
import os
from django.apps import AppConfig

class CrmConfig(AppConfig):
    name = 'crm'

    def ready(self):
        from django.db import connection
        from django.db.models import signals as django
        from django_tenants import signals as tenants

        def listen(signal, name):
            def receive(sender, **kwargs):
                config = getattr(kwargs.get('app_config'), 'label', None)
                if config in (None, 'crm') and os.environ.get('SIGNALS'):
                    schema = kwargs.get('schema_name') or getattr(kwargs.get('tenant'), 'schema_name', connection.schema_name)
                    models = sorted(m.__name__ for m in kwargs['apps'].get_app_config('crm').get_models()) if kwargs.get('apps') and 'crm' in kwargs['apps'].app_configs else []
                    with open(os.environ['SIGNALS'], 'a') as file:
                        print(name, schema, *models, file=file)
            signal.connect(receive, weak=False)

        for name in ('schema_pre_migration', 'schema_migrated', 'post_schema_sync'):
            if hasattr(tenants, name):
                listen(getattr(tenants, name), name)
        listen(django.pre_migrate, 'pre_migrate')
        listen(django.post_migrate, 'post_migrate')
`,
};

/** Columns, indexes and constraints of a schema, and what its tables of migrations, types and permissions say. */
const shapeOf = async (schema: string): Promise<unknown> => {
  const q = `"${schema}"`;
  const plain = `replace(replace(%s, '"${schema}".', ''), '${schema}.', '')`;
  return {
    columns: await sql(
      `SELECT table_name, column_name, data_type, is_nullable, character_maximum_length, ordinal_position
       FROM information_schema.columns WHERE table_schema = $1 ORDER BY 1, 6`,
      [schema],
    ),
    indexes: await sql(
      `SELECT tablename, indexname, ${plain.replace('%s', 'indexdef')} AS definition FROM pg_indexes WHERE schemaname = $1 ORDER BY 1, 2`,
      [schema],
    ),
    constraints: await sql(
      `SELECT conname, contype, ${plain.replace('%s', 'pg_get_constraintdef(oid)')} AS definition
       FROM pg_constraint WHERE connamespace = $1::regnamespace ORDER BY 1`,
      [q],
    ),
    migrations: await sql(`SELECT app, name FROM ${q}.django_migrations ORDER BY id`),
    types: await sql(`SELECT id, app_label, model FROM ${q}.django_content_type ORDER BY id`),
    permissions: await sql(`SELECT id, codename, content_type_id FROM ${q}.auth_permission ORDER BY id`),
  };
};

describe.each(GENERATIONS)('migrate-tenants on %s', (_title, requirements) => {
  test('does what migrate_schemas does, from prepared states and without them', async () => {
    const { client } = await startShared(
      { files: { ...AFTER_CITY, ...MODELS } },
      requirements,
      'plain',
      'warm',
      'cold',
      'Also Warm',
    );
    await sql('CREATE SCHEMA plain');
    const plain = await client.run({ command: 'migrate_schemas', args: ['-s', 'plain', '--noinput', '-v', '0'] });
    expect(plain.exitCode).toBe(0);
    const warm = await migrateTenants(client, ['warm', 'Also Warm'], { applied: [] });
    const cold = await migrateTenants(client, ['cold']);
    expect(outcomes(warm)).toEqual({ warm: 'migrated', 'Also Warm': 'migrated' });
    expect(outcomes(cold)).toEqual({ cold: 'migrated' });
    expect(warm.results[0]).toMatchObject({ schemaCreated: true, failedMigration: null, error: null, faked: [] });
    expect(warm.results[0]?.applied).toBe(plain.migrations.length);
    const seen = warm.progress.flatMap((data) =>
      data.kind === 'migration' && data.schema === 'warm' ? [data.migration] : [],
    );
    expect(seen).toEqual(plain.migrations.map((event) => event.migration));

    const expected = await shapeOf('plain');
    for (const schema of ['warm', 'cold', 'Also Warm']) expect(await shapeOf(schema), schema).toEqual(expected);
    expect(outcomes(await migrateTenants(client, ['warm', 'cold']))).toEqual({
      warm: 'up-to-date',
      cold: 'up-to-date',
    });
  });

  test('gives every schema its own rows although their states were rendered once', async () => {
    const { project, client } = await startShared({}, requirements);
    const schemas = ['a', 'b', 'c'];
    await addRows(...schemas, 'other');
    await migrateTenants(client, [...schemas, 'other']);
    for (const [index, schema] of schemas.entries()) {
      // The same type gets another number in each schema.
      await sql(
        `UPDATE ${schema}.django_content_type SET id = id + ${100 * (index + 1)} WHERE model = 'company'`,
      ).catch(async () => {
        await sql(`DELETE FROM ${schema}.auth_permission`);
        await sql(`UPDATE ${schema}.django_content_type SET id = id + ${100 * (index + 1)} WHERE model = 'company'`);
      });
    }
    // One schema has gone its own way: the prepared state is not its state.
    await sql(`DELETE FROM other.django_migrations WHERE name = '0002_city'`);
    await sql('ALTER TABLE other.crm_company DROP COLUMN city');
    for (const [name, text] of Object.entries({ ...AFTER_CITY, ...MODELS }))
      await writeFile(path.join(project.directory, name), text);
    const { tenants, groups } = await client.inspect();
    const applied = groups[tenants?.[0]?.group ?? -1]?.appliedNames ?? [];
    expect(applied).toContain('crm.0002_city');

    const migrated = await migrateTenants(client, [...schemas, 'other'], { applied });
    expect(migrated.results.map(({ error }) => error?.message ?? null)).toEqual([null, null, null, null]);
    for (const schema of [...schemas, 'other']) {
      const rows = await sql(
        `SELECT m.text, c.name, t.model, count(*)::int AS n FROM ${schema}.crm_memo m JOIN ${schema}.crm_company c ON c.id = company_id
         JOIN ${schema}.django_content_type t ON t.id = kind_id GROUP BY 1, 2, 3`,
      );
      expect(rows, schema).toEqual([{ text: schema, name: schema, model: 'company', n: 2 }]);
    }
    const types = await sql(schemas.map((schema) => `SELECT DISTINCT kind_id FROM ${schema}.crm_memo`).join(' UNION '));
    expect(types).toHaveLength(3);
    expect(await sql(`SELECT model FROM a.django_content_type WHERE model IN ('note', 'memo')`)).toEqual([
      { model: 'memo' },
    ]);
  });

  test('goes on after a tenant that fails, and takes it up again', async () => {
    const { project, client } = await startShared({ env: { BROKEN: 't5' } }, requirements);
    const schemas = Array.from({ length: 12 }, (_, index) => `t${index + 1}`);
    await addRows(...schemas);
    await migrateTenants(client, schemas);
    await writeFile(path.join(project.directory, 'crm/migrations/0003_hook.py'), HOOK['crm/migrations/0003_hook.py']);

    const { results, progress } = await migrateTenants(client, schemas);
    expect(results.filter(({ outcome }) => outcome === 'migrated')).toHaveLength(11);
    expect(results[4]).toMatchObject({
      schema: 't5',
      outcome: 'failed',
      applied: 0,
      failedMigration: 'crm.0003_hook',
      error: { code: 'MIGRATION_FAILED', type: 'ValueError', message: 'no luck with t5' },
    });
    const lines = HOOK['crm/migrations/0003_hook.py'].split('\n');
    const line = lines.findIndex((text) => text.includes('no luck with')) + 1;
    expect(results[4]?.error?.place).toMatchObject({ function: 'hook', line });
    expect(
      progress.filter(({ kind }) => kind === 'tenant').map((result) => 'schema' in result && result.schema),
    ).toEqual(schemas);
    const { tenants, groups } = await client.inspect();
    expect(groups[tenants?.[4]?.group ?? -1]?.pending).toEqual(['crm.0003_hook']);
    expect(
      await sql(`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`),
    ).toEqual([]);
  });

  test('says what is wrong with schemas that are missing, stray or of an impossible name', async () => {
    const { client } = await startSite(
      {
        files: {
          'customers/models.py':
            'from django.db import models\nfrom django_tenants.models import DomainMixin, TenantMixin\nclass Client(TenantMixin):\n    name = models.CharField(max_length=100)\n    auto_create_schema = False\nclass Domain(DomainMixin):\n    pass\n',
        },
      },
      requirements,
    );
    await migrateShared(client);
    await addRows('row', 'pg_reserved', 'x'.repeat(63), 'With Space');
    await sql('CREATE SCHEMA stray');
    await sql(`CREATE SCHEMA "${'x'.repeat(63)}"`);
    await sql('CREATE SCHEMA "With Space"');
    const { results } = await migrateTenants(client, [
      'row',
      'nobody',
      'stray',
      'x'.repeat(63),
      'With Space',
      'pg_reserved',
    ]);
    expect(results.map(({ outcome, error }) => [outcome, error?.code ?? null, error?.data['row'] ?? null])).toEqual([
      ['failed', 'SCHEMA_MISSING', true],
      ['failed', 'SCHEMA_MISSING', false],
      ['migrated', null, null],
      ['migrated', null, null],
      ['migrated', null, null],
      ['failed', 'SCHEMA_MISSING', true],
    ]);
  });

  test('sends the signals of Django and of django-tenants, with the models as they were and are', async () => {
    const { project, client } = await startSite(
      { files: { ...LISTENERS, ...AFTER_CITY, ...MODELS }, env: { SIGNALS: 'signals.txt' } },
      requirements,
    );
    const read = async (): Promise<string[]> => {
      const text = await readFile(path.join(project.directory, 'signals.txt'), 'utf8');
      await writeFile(path.join(project.directory, 'signals.txt'), '');
      return text.trim().split('\n');
    };
    await migrateShared(client);
    await addRows('by_command', 'by_devsetup');
    await sql('CREATE SCHEMA by_command');
    await writeFile(path.join(project.directory, 'signals.txt'), '');
    await client.run({ command: 'migrate_schemas', args: ['-s', 'by_command', '--noinput', '-v', '0'] });
    const expected = (await read()).map((line) => line.replace('by_command', 'by_devsetup'));
    expect(expected).toContain('post_migrate by_devsetup Company Memo');
    expect(expected).toContain('schema_migrated by_devsetup');
    await migrateTenants(client, ['by_devsetup'], { applied: [] });
    expect(await read()).toEqual([...expected, 'post_schema_sync by_devsetup']);
  });

  test('fakes an initial migration whose table is there, and says so', async () => {
    const { client } = await startShared({}, requirements, 'one');
    await migrateTenants(client, ['one']);
    await sql(`DELETE FROM one.django_migrations WHERE app = 'crm'`);
    await sql('ALTER TABLE one.crm_company DROP COLUMN city');
    const applied = (await client.inspect()).groups[0]?.appliedNames ?? [];
    const { results } = await migrateTenants(client, ['one'], { fakeInitial: true, applied });
    expect(results[0]).toMatchObject({ outcome: 'migrated', applied: 2, faked: ['crm.0001_initial'] });
  });

  test('loses one tenant when the server ends its session, and none of the others', async () => {
    const { client, project } = await startShared({ files: HOOK, env: { SLOW: 'b' } }, requirements, 'a', 'b', 'c');
    const migrating = migrateTenants(client, ['a', 'b', 'c']);
    await until('b waits', isWaiting);
    await endSessions();
    await writeFile(path.join(project.directory, 'go'), '');
    const { results } = await migrating;
    expect(outcomes({ results })).toEqual({ a: 'migrated', b: 'failed', c: 'migrated' });
    expect(results[1]).toMatchObject({ failedMigration: 'crm.0003_hook', error: { code: 'DATABASE_ERROR' } });
    expect(await sql('SELECT name FROM b.crm_company')).toEqual([]);
  });

  test('rolls back what runs when it is interrupted, and leaves the rest for the next time', async () => {
    const { client } = await startShared({ files: HOOK, env: { SLOW: 'b' } }, requirements, 'a', 'b', 'c');
    const controller = new AbortController();
    const migrating = client.migrateTenants(
      { schemas: ['a', 'b', 'c'], fakeInitial: false, applied: [], workerLock: null },
      { signal: controller.signal },
    );
    await until('b waits', isWaiting);
    controller.abort();
    await expect(migrating).rejects.toMatchObject({ code: 'CANCELLED' });
    const { tenants, groups } = await client.inspect();
    const pending = tenants?.map(({ group }) => (group === null ? null : groups[group]?.pending));
    expect(pending?.[0]).toEqual([]);
    expect(pending?.[1]).toContain('crm.0003_hook');
    expect(pending?.[2]).toBeNull();
    expect(await sql('SELECT name FROM b.crm_company')).toEqual([]);
  });

  test('holds the workers’ lock in every session it opens', async () => {
    const { client, project } = await startShared({ files: HOOK, env: { SLOW: 'b' } }, requirements, 'a', 'b');
    const migrating = migrateTenants(client, ['a', 'b'], { workerLock: [77, 78] });
    await until('b waits', isWaiting);
    const locks = await sql(
      `SELECT objid::int, mode FROM pg_locks WHERE locktype = 'advisory' AND classid = 77 AND database =
       (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    expect(locks).toEqual([{ objid: 78, mode: 'ShareLock' }]);
    await writeFile(path.join(project.directory, 'go'), '');
    expect(outcomes(await migrating)).toEqual({ a: 'migrated', b: 'migrated' });
  });
});

/** The migration that waits has written its row. */
const isWaiting = async (): Promise<boolean> => {
  const active = await sql(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE 'INSERT INTO%crm_company%'`,
  );
  return active.length > 0;
};
