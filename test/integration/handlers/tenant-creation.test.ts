import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

import {
  GENERATIONS,
  addRows,
  migrateTenants,
  migration,
  sql,
  startShared,
  type Started,
} from './support/tenant-site.ts';

/** Notes every post_schema_sync in the file `announced`, and raises while there is a file `deaf`. */
const RECEIVER = {
  'crm/apps.py': `
import os
import signal
from django.apps import AppConfig

def receive(sender, tenant, **kwargs):
    if os.path.exists('killed'):
        os.kill(os.getpid(), signal.SIGKILL)
    if os.path.exists('deaf'):
        raise ValueError('the seeds are not there')
    with open('announced', 'a') as file:
        print(tenant.schema_name, file=file)

class CrmConfig(AppConfig):
    name = 'crm'

    def ready(self):
        from django_tenants.signals import post_schema_sync
        post_schema_sync.connect(receive)
`,
};

/** Raises in every tenant while there is a file \`broken\`. */
const HOOK = {
  'crm/migrations/0003_hook.py': migration(
    "('crm', '0002_city')",
    'migrations.RunPython(hook)',
    `
import os
def hook(apps, schema_editor):
    if os.path.exists('broken') and connection.schema_name != 'public':
        raise ValueError('not yet')
`,
  ),
};

const CLONES = `
TENANT_CREATION_FAKES_MIGRATIONS = True
TENANT_BASE_SCHEMA = 'template'
`;

const announced = async ({ project }: Started): Promise<readonly string[]> =>
  (await readFile(path.join(project.directory, 'announced'), 'utf8').catch(() => '')).split('\n').filter(Boolean);

const columnsOf = async (schema: string): Promise<readonly unknown[]> =>
  (
    await sql(
      `SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY 1`,
      [`${schema}.crm_company`],
    )
  ).map(({ name }) => name);

const recordsOf = (schema: string): Promise<readonly Record<string, unknown>[]> =>
  sql(`SELECT app, name FROM ${schema}.django_migrations ORDER BY 1, 2`);

const outcomesOf = async (site: Started, ...schemas: readonly string[]): Promise<readonly unknown[]> =>
  (await migrateTenants(site.client, schemas)).results.map(({ outcome, error }) => error?.code ?? outcome);

const ensure = (site: Started, schema: string) =>
  site.client.ensureTenant(
    { schema, name: schema, domain: null, fields: {}, tenantType: null, withoutSchema: false, check: false },
    {},
  );

test.each([
  ['lacks', ['crm'], [], [{ there: false }]],
  ['has', [], ['crm'], [{ there: true }]],
])(
  'a new tenant has all its tables where the template is a public schema that %s them',
  async (_, own, both, cloned) => {
    const shared = ['django_tenants', 'customers', 'django.contrib.contenttypes', ...both];
    const tenant = ['django.contrib.contenttypes', ...own, ...both];
    const settings = CLONES.replace("'template'", "'public'");
    const site = await startShared({ settings, shared, tenant }, GENERATIONS.at(-1)?.[1] ?? [], 'one');
    expect((await site.client.inspect()).templates).toEqual([]);
    expect(await outcomesOf(site, 'one')).toEqual(['migrated']);
    expect(await columnsOf('one')).toEqual(['city', 'id', 'name']);
    expect(await sql(`SELECT to_regclass('one.customers_client') IS NOT NULL AS there`)).toEqual(cloned);
  },
);

describe.each(GENERATIONS)('%s', (_name, requirements) => {
  test('a tenant is cloned only from a template that is up to date, and has every column that it records', async () => {
    const site = await startShared({ settings: CLONES, files: RECEIVER }, requirements, 'zero');
    // Newer versions create the schema empty, and the step warns; older ones fail without saying what is missing.
    const isOld = requirements.some((name) => name.startsWith('django-tenants==3'));
    expect(await outcomesOf(site, 'zero')).toEqual([isOld ? 'TEMPLATE_MISSING' : 'migrated']);
    await sql('CREATE SCHEMA template');
    expect((await site.client.inspect()).templates).toMatchObject([
      { schema: 'template', setting: 'TENANT_BASE_SCHEMA', schemaExists: true, hasRow: false },
    ]);
    expect(await outcomesOf(site, 'template')).toEqual(['migrated']);
    expect(await announced(site)).toEqual(isOld ? [] : ['zero']);
    await sql(`INSERT INTO template.crm_company (name, city) VALUES ('seed', 'here')`);
    await sql(`ALTER TABLE template.crm_company DROP COLUMN city`);
    await sql(`DELETE FROM template.django_migrations WHERE name = '0002_city'`);
    await addRows('one', 'two');

    expect(await outcomesOf(site, 'one')).toEqual(['TEMPLATE_BEHIND']);
    await expect(ensure(site, 'three')).rejects.toMatchObject({ code: 'TEMPLATE_BEHIND' });
    expect(await sql(`SELECT 1 FROM pg_namespace WHERE nspname IN ('one', 'three')`)).toEqual([]);
    expect(await sql(`SELECT 1 FROM customers_client WHERE schema_name = 'three'`)).toEqual([]);

    expect(await outcomesOf(site, 'template', 'one', 'two')).toEqual(['migrated', 'migrated', 'migrated']);
    await ensure(site, 'three');
    for (const schema of ['one', 'two', 'three']) {
      expect(await columnsOf(schema)).toEqual(['city', 'id', 'name']);
      expect(await recordsOf(schema)).toEqual(await recordsOf('template'));
      expect(await sql(`SELECT name FROM ${schema}.crm_company`)).toEqual([{ name: 'seed' }]);
    }
    expect(await announced(site)).toEqual([...(isOld ? [] : ['zero']), 'one', 'two', 'three']);
    expect(
      await sql(`SELECT obj_description(oid, 'pg_namespace') AS text FROM pg_namespace WHERE nspname = 'one'`),
    ).toEqual([{ text: null }]);
  });

  test('a tenant of another type than its template is created with the tables of its own type', async () => {
    const site = await startShared(
      {
        tenantFields: { kind: "models.CharField(max_length=20, default='shop')" },
        settings: `${CLONES}
HAS_MULTI_TYPE_TENANTS = True
MULTI_TYPE_DATABASE_FIELD = 'kind'
TENANT_TYPES = {
    'public': {'APPS': SHARED_APPS, 'URLCONF': 'mysite.urls'},
    'shop': {'APPS': TENANT_APPS, 'URLCONF': 'mysite.urls', 'BASE_SCHEMA': 'template'},
    'blog': {'APPS': ['django.contrib.contenttypes'], 'URLCONF': 'mysite.urls'},
}
INSTALLED_APPS = [*SHARED_APPS, 'crm']
`,
      },
      requirements,
    );
    await sql(
      `INSERT INTO customers_client (schema_name, name, kind) VALUES ('template', '', 'shop'), ('s', '', 'shop'), ('b', '', 'blog')`,
    );
    expect(await outcomesOf(site, 'template')).toEqual(['migrated']);
    await sql(`INSERT INTO template.crm_company (name, city) VALUES ('seed', 'here')`);
    expect(await outcomesOf(site, 's', 'b')).toEqual(['migrated', 'migrated']);
    expect(await sql('SELECT name FROM s.crm_company')).toEqual([{ name: 'seed' }]);
    expect(await columnsOf('b')).toEqual([]);
    expect(await sql(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'b' ORDER BY 1`)).toEqual([
      { name: 'django_content_type' },
      { name: 'django_migrations' },
    ]);
  });

  test('a tenant whose first migration failed is announced once it is migrated, and again until every receiver has succeeded', async () => {
    const site = await startShared({ files: { ...HOOK, ...RECEIVER } }, requirements, 'one');
    const file = (name: string): string => path.join(site.project.directory, name);
    await writeFile(file('broken'), '');
    expect(await outcomesOf(site, 'one')).toEqual(['MIGRATION_FAILED']);
    expect((await site.client.inspect()).unannounced).toEqual(['one']);
    // What the project notes at the schema stays.
    const [found] = await sql(
      `SELECT obj_description(oid, 'pg_namespace') AS text FROM pg_namespace WHERE nspname = 'one'`,
    );
    await sql(`COMMENT ON SCHEMA one IS '${String(found?.['text'])}\nfirst customer'`);
    await rm(file('broken'));
    await writeFile(file('deaf'), '');
    expect(await outcomesOf(site, 'one')).toEqual(['TENANT_NOT_ANNOUNCED']);
    expect((await site.client.inspect()).unannounced).toEqual(['one']);
    expect(await announced(site)).toEqual([]);
    await rm(file('deaf'));
    expect(await outcomesOf(site, 'one')).toEqual(['migrated']);
    expect(await outcomesOf(site, 'one')).toEqual(['up-to-date']);
    expect(await announced(site)).toEqual(['one']);
    expect((await site.client.inspect()).unannounced).toEqual([]);
    expect(
      await sql(`SELECT obj_description(oid, 'pg_namespace') AS text FROM pg_namespace WHERE nspname = 'one'`),
    ).toEqual([{ text: 'first customer' }]);
  });

  test('a tenant whose creation by its model is killed before the signal is announced later', async () => {
    const site = await startShared({ files: RECEIVER }, requirements);
    const file = path.join(site.project.directory, 'killed');
    await writeFile(file, '');
    await expect(ensure(site, 'one')).rejects.toMatchObject({ code: 'CRASHED' });
    expect((await site.client.inspect()).unannounced).toEqual(['one']);
    await rm(file);
    expect(await outcomesOf(site, 'one')).toEqual(['migrated']);
    expect(await announced(site)).toEqual(['one']);
  });

  test('a receiver that fails does not drop a schema that was there before the tenant was saved', async () => {
    const site = await startShared({ files: RECEIVER }, requirements);
    await writeFile(path.join(site.project.directory, 'deaf'), '');
    await expect(ensure(site, 'public')).rejects.toMatchObject({
      message: expect.stringContaining('the seeds are not there'),
    });
    expect(await sql('SELECT schema_name FROM public.customers_client')).toEqual([]);
    await rm(path.join(site.project.directory, 'deaf'));
    await ensure(site, 'public');
    expect(await announced(site)).toEqual(['public']);
  });
});
