import { describe, expect, test } from 'vitest';

import type { DjangoClient } from '../../../src/django/companion-client.ts';
import type { CreateTablesResult } from '../../../src/django/protocol.ts';
import { contentsOf } from '../../support/schema-contents.ts';
import { createModel, GENERATIONS, migration, sql, startMigrated } from './support/tenant-site.ts';

const LOCK = [1, 1] as const;

const create = (client: DjangoClient, schema: string | null): Promise<CreateTablesResult> =>
  client.createTables({ schema, workerLock: LOCK });

/** All tables of the app. */
const dropTables = async (schema: string): Promise<void> => {
  for (const table of ['crm_post_tags', 'crm_post', 'crm_label', 'crm_company'])
    await sql(`DROP TABLE ${schema}.${table}`);
};

/** An app with a table that is renamed, rows that a migration inserts, and a table of many to many. */
const SEEDED = {
  'crm/migrations/0003_seed.py': migration(
    "('crm', '0002_city')",
    [
      createModel('Tag', "('name', models.TextField())"),
      createModel(
        'Post',
        "('tags', models.ManyToManyField('crm.tag')), ('company', models.ForeignKey('crm.company', models.CASCADE))",
      ),
      'migrations.RunPython(seed)',
      "migrations.RenameModel('Tag', 'Label')",
    ].join(', '),
    "def seed(apps, schema_editor):\n    apps.get_model('crm', 'Tag').objects.create(name='first')",
  ),
  'crm/migrations/0004_more.py': migration(
    "('crm', '0003_seed')",
    "migrations.AddField('label', 'colour', models.TextField(default='red'))",
  ),
};

const CONCURRENT = {
  'crm/migrations/0005_indexes.py': migration(
    "('crm', '0004_more')",
    [
      "AddIndexConcurrently('label', models.Index(fields=['colour'], name='by_colour'))",
      "migrations.RunSQL('CREATE INDEX CONCURRENTLY by_city ON crm_company (city)')",
      'migrations.RunPython(recolour)',
    ].join(', '),
    `from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import transaction

def recolour(apps, schema_editor):
    with transaction.atomic():
        apps.get_model('crm', 'Label').objects.update(colour='blue')`,
    'atomic = False',
  ),
};

const OUTSIDE = {
  'crm/migrations/0005_vacuum.py': migration(
    "('crm', '0004_more')",
    "migrations.RunSQL('VACUUM crm_label')",
    '',
    'atomic = False',
  ),
};

describe.each(GENERATIONS)('tables that are recorded and missing · %s', (_generation, requirements) => {
  const open = async (...tenants: readonly string[]) =>
    (await startMigrated({ files: SEEDED }, requirements, ...tenants)).client;

  test('an app without any of its tables is migrated again in that schema, and nothing else is touched', async () => {
    const client = await open('sick', 'healthy');
    expect((await client.inspect()).absent).toEqual([]);
    const complete = await contentsOf(sql, 'sick');
    await dropTables('sick');
    const [healthy, shared] = [await contentsOf(sql, 'healthy'), await contentsOf(sql, 'public')];
    const tables = ['crm_company', 'crm_label', 'crm_post', 'crm_post_tags'];
    expect((await client.inspect()).absent).toEqual([{ app: 'crm', tables, entire: true, schemas: ['sick'] }]);

    const created = await create(client, 'sick');
    expect(created).toEqual({
      tables,
      replayed: ['crm.0001_initial', 'crm.0002_city', 'crm.0003_seed', 'crm.0004_more'],
    });
    expect(await contentsOf(sql, 'sick')).toEqual(complete);
    expect(await contentsOf(sql, 'healthy')).toEqual(healthy);
    expect(await contentsOf(sql, 'public')).toEqual(shared);
    expect((await client.inspect()).absent).toEqual([]);
    expect(await create(client, 'sick')).toEqual({ tables: [], replayed: [] });
  });

  test('single tables are made as the applied migrations leave them, and rows of the others stay', async () => {
    const client = await open('one', 'two');
    await sql(`INSERT INTO one.crm_company (name, city) VALUES ('kept', 'here')`);
    await sql('DROP TABLE one.crm_label CASCADE');
    await sql('DROP TABLE one.crm_post_tags');
    expect((await client.inspect()).absent).toEqual([
      { app: 'crm', tables: ['crm_label', 'crm_post_tags'], entire: false, schemas: ['one'] },
    ]);
    expect(await create(client, 'one')).toEqual({ tables: ['crm_label', 'crm_post_tags'], replayed: [] });
    expect((await client.inspect()).absent).toEqual([]);
    const columns = await sql(
      `SELECT column_name FROM information_schema.columns WHERE table_schema = 'one' AND table_name = 'crm_label' ORDER BY 1`,
    );
    expect(columns.map(({ column_name }) => column_name)).toEqual(['colour', 'id', 'name']);
    expect(await sql('SELECT name FROM one.crm_company')).toEqual([{ name: 'kept' }]);
  });

  test('a failure leaves the schema as it was', async () => {
    const client = await open('one');
    await dropTables('one');
    await sql('CREATE TYPE one.crm_tag AS (x int)');
    const before = await contentsOf(sql, 'one');
    await expect(create(client, 'one')).rejects.toMatchObject({ code: 'TABLES_NOT_CREATED' });
    expect(await contentsOf(sql, 'one')).toEqual(before);
  });

  test('tables of the shared schema are created there', async () => {
    const client = await open('one');
    await sql('DROP TABLE public.customers_domain');
    const before = await contentsOf(sql, 'one');
    expect((await client.inspect()).absent).toEqual([
      { app: 'customers', tables: ['customers_domain'], entire: false, schemas: ['public'] },
    ]);
    await create(client, 'public');
    expect((await client.inspect()).absent).toEqual([]);
    expect(await contentsOf(sql, 'one')).toEqual(before);
  });

  test('a migration that is not atomic is applied again with the others, its indexes without CONCURRENTLY', async () => {
    const { client } = await startMigrated({ files: { ...SEEDED, ...CONCURRENT } }, requirements, 'sick');
    const indexes = (): Promise<readonly object[]> =>
      sql(`SELECT indexname FROM pg_indexes WHERE schemaname = 'sick' AND tablename LIKE 'crm_%' ORDER BY 1`);
    const before = [await contentsOf(sql, 'sick'), await indexes()];
    await dropTables('sick');
    expect((await create(client, 'sick')).replayed).toContain('crm.0005_indexes');
    expect([await contentsOf(sql, 'sick'), await indexes()]).toEqual(before);
  });

  test('a migration that can only be applied outside of a transaction is named, and nothing has changed', async () => {
    const { client } = await startMigrated({ files: { ...SEEDED, ...OUTSIDE } }, requirements, 'sick');
    await dropTables('sick');
    const before = await contentsOf(sql, 'sick');
    await expect(create(client, 'sick')).rejects.toMatchObject({
      code: 'TABLES_NOT_CREATED',
      message: expect.stringContaining('crm.0005_vacuum is not atomic') as string,
      cause: { data: { schema: 'sick', migration: 'crm.0005_vacuum' } },
    });
    expect(await contentsOf(sql, 'sick')).toEqual(before);
  });
});
