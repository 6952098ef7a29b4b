import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

import { PLAIN } from '../../support/venv.ts';
import { createProject, start } from '../companion/support/django-project.ts';
import {
  addRows,
  GENERATIONS,
  migrateShared,
  migrateTenants,
  migration,
  sql,
  startShared,
  startSite,
} from './support/tenant-site.ts';

const LONG = 'x'.repeat(63);

describe.each(GENERATIONS)('inspect on %s', (_title, requirements) => {
  test('tells an empty database from one that is migrated', async () => {
    const { client } = await startSite({}, requirements);
    const before = await client.inspect();
    expect(before).toMatchObject({ tenants: null, publicTenant: null, groups: [], fingerprint: null, conflicts: {} });
    expect(before.shared).toMatchObject({ schema: 'public', initialised: false, applied: 0, orphaned: [] });
    expect(before.shared.pending).toContain('customers.0001_initial');
    const city = before.shared.pending.indexOf('crm.0002_city');
    expect(city).toBeGreaterThan(before.shared.pending.indexOf('crm.0001_initial'));

    await migrateShared(client);
    const after = await client.inspect();
    expect(after).toMatchObject({ tenants: [], publicTenant: { exists: false, domains: [] }, straySchemas: [] });
    expect(after.shared).toMatchObject({ initialised: true, pending: [], applied: before.shared.pending.length });
    expect(after.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect((await client.inspect()).fingerprint).toBe(after.fingerprint);
  });

  test('shows every tenant, whatever its name, with its domains, its schema and the state it shares', async () => {
    const { client } = await startShared({}, requirements);
    const names = ['zeta', 'Big Name', LONG, 'percent %s', 'half', 'bare', 'gone', `it's "quoted"`, 'public'];
    await addRows(...names);
    await migrateTenants(client, ['zeta', 'Big Name', LONG, 'percent %s', 'half']);
    await sql(`DELETE FROM half.django_migrations WHERE app = 'crm' AND name = '0002_city'`);
    await sql('CREATE SCHEMA bare');
    await sql(`CREATE SCHEMA "it's ""quoted"""`);
    await sql(`CREATE TABLE "it's ""quoted""".django_migrations (LIKE zeta.django_migrations)`);
    await sql('CREATE SCHEMA "Stray One"');
    await sql('CREATE TABLE "Stray One".django_migrations (LIKE zeta.django_migrations)');
    await sql('CREATE SCHEMA unrelated');
    await sql(
      `INSERT INTO customers_domain (domain, is_primary, tenant_id)
       SELECT d, p, id FROM customers_client, (VALUES ('b.example', false), ('a.example', true)) v (d, p)
       WHERE schema_name = 'Big Name'`,
    );

    const { tenants, groups, straySchemas, publicTenant } = await client.inspect();
    const named = Object.fromEntries((tenants ?? []).map((tenant) => [tenant.schema, tenant]));
    const stateOf = (schema: string) => groups[named[schema]?.group ?? -1];
    expect(tenants?.map(({ schema }) => schema)).toEqual(names.filter((name) => name !== 'public'));
    expect(publicTenant).toEqual({ exists: true, domains: [] });
    expect(straySchemas).toEqual(['Stray One']);
    expect(named['Big Name']).toMatchObject({
      schemaExists: true,
      domains: ['a.example', 'b.example'],
      tenantType: null,
    });
    for (const schema of ['Big Name', LONG, 'percent %s']) expect(named[schema]?.group).toBe(named['zeta']?.group);
    expect(stateOf('zeta')).toMatchObject({ initialised: true, pending: [], orphaned: [] });
    expect(stateOf('zeta')?.appliedNames).toContain('crm.0002_city');
    expect(stateOf('half')).toMatchObject({ initialised: true, pending: ['crm.0002_city'] });
    expect(stateOf('bare')).toMatchObject({ initialised: false, applied: 0, appliedNames: [] });
    expect(stateOf(`it's "quoted"`)).toMatchObject({ initialised: true, applied: 0 });
    expect(named['gone']).toMatchObject({ schemaExists: false, group: null });
  });

  test('names orphaned migrations, but neither those of removed apps nor what a squashed migration replaces', async () => {
    const { project, client } = await startShared({}, requirements, 'one', 'two');
    await migrateTenants(client, ['one', 'two']);
    await sql(
      `INSERT INTO one.django_migrations (app, name, applied) VALUES ('crm', '0009_lost', now()), ('old', '0001_x', now())`,
    );
    await sql(`DELETE FROM two.django_migrations WHERE name = '0002_city'`);
    const whole = await client.inspect();
    const crm = path.join(project.directory, 'crm/migrations');
    await writeFile(
      path.join(crm, '0001_squashed.py'),
      migration('', '', '', "replaces = [('crm', '0001_initial'), ('crm', '0002_city'), ('crm', '0000_before')]"),
    );
    await rm(path.join(crm, '0001_initial.py'));
    await rm(path.join(crm, '0002_city.py'));
    await sql(`INSERT INTO one.django_migrations (app, name, applied) VALUES ('crm', '0000_before', now())`);

    // The same companion: files that came and went since it was last asked are seen.
    const { tenants, groups } = await client.inspect();
    // The two that were squashed count as one.
    const before = whole.groups[whole.tenants?.[0]?.group ?? -1]?.applied ?? 0;
    const applied = before - 1;
    expect(groups[tenants?.[0]?.group ?? -1]).toMatchObject({ applied, pending: [], orphaned: ['crm.0009_lost'] });
    await sql('DROP SCHEMA two CASCADE');
    expect((await client.inspect()).tenants?.[1]).toMatchObject({ schema: 'two', schemaExists: false });
  });

  test('shows a conflict with what is pending all the same, and a broken graph as what it is', async () => {
    const { project, client } = await startShared({}, requirements);
    const other = path.join(project.directory, 'crm/migrations/0002_other.py');
    await writeFile(other, migration("('crm', '0001_initial')", ''));
    const inspection = await client.inspect();
    expect(inspection.conflicts).toEqual({ crm: ['0002_city', '0002_other'] });
    expect(inspection.shared.pending).toEqual(['crm.0002_other']);

    await writeFile(other, migration("('crm', '0001_not_there')", ''));
    await expect(client.inspect()).rejects.toMatchObject({ code: 'MIGRATIONS_BROKEN' });
    await writeFile(other, 'this is not Python');
    await expect(client.inspect()).rejects.toMatchObject({ code: 'MIGRATIONS_BROKEN' });
    await rm(other);
    expect((await client.inspect()).conflicts).toEqual({});
  });

  test('shows the type of each tenant', async () => {
    const { client } = await startSite(
      {
        tenantFields: { kind: "models.CharField(max_length=20, default='shop')" },
        settings: `
HAS_MULTI_TYPE_TENANTS = True
MULTI_TYPE_DATABASE_FIELD = 'kind'
TENANT_TYPES = {
    'public': {'APPS': SHARED_APPS, 'URLCONF': 'mysite.urls'},
    'shop': {'APPS': TENANT_APPS, 'URLCONF': 'mysite.urls'},
    'blog': {'APPS': ['django.contrib.contenttypes'], 'URLCONF': 'mysite.urls'},
}
INSTALLED_APPS = [*SHARED_APPS, 'crm']
`,
      },
      requirements,
    );
    await migrateShared(client);
    await sql(`INSERT INTO customers_client (schema_name, name, kind) VALUES ('s', 's', 'shop'), ('b', 'b', 'blog')`);
    const { results } = await migrateTenants(client, ['s', 'b']);
    expect(results.map(({ outcome, error }) => [outcome, error])).toEqual([
      ['migrated', null],
      ['migrated', null],
    ]);
    const { tenants, groups } = await client.inspect();
    expect(tenants?.map(({ tenantType, group }) => [tenantType, group])).toEqual([
      ['shop', 0],
      ['blog', 0],
    ]);
    expect(groups).toHaveLength(1);
    const tables = await sql(`SELECT table_schema FROM information_schema.tables WHERE table_name = 'crm_company'`);
    expect(tables.map((row) => row['table_schema'])).toEqual(['s']);
  });

  test('lists apps that have models and no migrations', async () => {
    const { client } = await startSite(
      {
        tenant: ['django.contrib.contenttypes', 'crm', 'legacy', 'ignored'],
        domainModel: false,
        files: {
          // The files are on somebody else's machine: git ignores them.
          'ignored/__init__.py': '',
          'ignored/migrations/__init__.py': '',
          'ignored/models.py': 'from django.db import models\nclass New(models.Model):\n    pass\n',
          'legacy/__init__.py': '',
          'legacy/models.py': 'from django.db import models\nclass Old(models.Model):\n    pass\n',
        },
      },
      requirements,
    );
    await migrateShared(client);
    await addRows('one');
    const inspection = await client.inspect();
    expect(inspection.unmigratedApps).toEqual(['ignored', 'legacy']);
    expect(inspection.tenants).toMatchObject([{ schema: 'one', domains: [] }]);
  });
});

test('inspect of a plain SQLite project', async () => {
  const client = await start(await createProject({}, {}, {}, PLAIN));
  const before = await client.inspect();
  expect(before.shared).toMatchObject({ schema: null, initialised: false, applied: 0 });
  expect(before).toMatchObject({ tenants: null, groups: [], publicTenant: null, fingerprint: null });
  expect((await client.run({ command: 'migrate', args: ['-v', '0'] })).exitCode).toBe(0);
  const after = await client.inspect();
  expect(after.shared).toMatchObject({ initialised: true, pending: [], applied: before.shared.pending.length });
  expect(after.fingerprint).not.toBeNull();
});
