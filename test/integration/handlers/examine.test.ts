import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

import { DJANGO_42, PLAIN } from '../../support/venv.ts';
import { createProject, SETTINGS, start } from '../companion/support/django-project.ts';
import { GENERATIONS, migrateTenants, migration, sql, startShared, startSite } from './support/tenant-site.ts';

describe.each(GENERATIONS)('examine · %s', (_generation, requirements) => {
  test('a healthy site with tenants has nothing to tell', async () => {
    const { client } = await startShared(
      { settings: "ALLOWED_HOSTS = ['localhost']" },
      requirements,
      'public',
      'one',
      'two',
    );
    await migrateTenants(client, ['one', 'two']);
    const examination = await client.examine({ database: true });
    expect(examination).toMatchObject({
      settings: {
        routers: ['django_tenants.routers.TenantSyncRouter'],
        middleware: [],
        sharedApps: ['django_tenants', 'customers', 'django.contrib.contenttypes', 'django.contrib.auth'],
        tenantApps: ['django.contrib.contenttypes', 'django.contrib.auth', 'crm'],
        hasSecretKeyFallbacks: false,
        allowedHosts: ['localhost'],
      },
      minimumServerVersion: [expect.any(Number)],
      extensions: [],
      drift: [],
      tenantsWithoutPrimaryDomain: [],
      failures: {},
    });
  });

  test('names tenants whose domains are all secondary', async () => {
    const { client } = await startShared({}, requirements, 'none', 'one', 'two', 'both');
    await sql(
      `INSERT INTO customers_domain (domain, is_primary, tenant_id)
       SELECT schema_name || d, p, id FROM customers_client, (VALUES ('.a', false), ('.b', true)) v (d, p)
       WHERE schema_name = 'both' OR (schema_name IN ('one', 'two') AND NOT p)`,
    );
    const examination = await client.examine({ database: true });
    expect(examination.tenantsWithoutPrimaryDomain).toEqual(['one', 'two']);
    expect((await client.examine({ database: false })).tenantsWithoutPrimaryDomain).toBeNull();
  });

  test('lists extensions with the migration that creates them first', async () => {
    const { client } = await startSite(
      {
        files: {
          'crm/migrations/0003_extensions.py': migration(
            "('crm', '0002_city')",
            `TrigramExtension(), HStoreExtension(),
             migrations.RunSQL('-- CREATE EXTENSION nothing\\nCREATE  EXTENSION IF NOT EXISTS "uuid-ossp";'),
             migrations.SeparateDatabaseAndState(database_operations=[migrations.RunSQL([('create extension citext', None)])]),
             migrations.RunSQL("COMMENT ON SCHEMA public IS 'CREATE EXTENSION no'; SELECT '--'; CREATE EXTENSION ltree;"
                 "DO $$ BEGIN /* CREATE EXTENSION no */ CREATE EXTENSION cube; END $$")`,
            'from django.contrib.postgres.operations import HStoreExtension, TrigramExtension',
          ),
          'crm/migrations/0004_again.py': migration(
            "('crm', '0003_extensions')",
            'HStoreExtension(), migrations.RunSQL(migrations.RunSQL.noop)',
            'from django.contrib.postgres.operations import HStoreExtension',
          ),
        },
      },
      requirements,
    );
    const { extensions, failures } = await client.examine({ database: false });
    expect(failures).toEqual({});
    expect(extensions).toEqual(
      ['pg_trgm', 'hstore', 'uuid-ossp', 'citext', 'ltree', 'cube'].map((name) => ({
        name,
        migration: 'crm.0003_extensions',
      })),
    );
  });
});

const SHOP = {
  'shop/migrations/__init__.py': '',
  'shop/migrations/0001_initial.py': `
from django.db import migrations, models

class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.CreateModel('Order', [('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')), ('old', models.TextField())])]
`,
};

describe.each([
  ['Django 4.2', DJANGO_42],
  ['Django 5.2', PLAIN],
])('examine of a plain SQLite project · %s', (_generation, requirements) => {
  test('shows model changes as makemigrations would make them, and asks nothing', async () => {
    const models = `
from django.db import models

class Order(models.Model):
    new = models.TextField()
    made = models.DateTimeField(auto_now_add=True)
    number = models.IntegerField(null=False, unique=True)
`;
    const client = await start(await createProject({ ...SHOP, 'shop/models.py': models }, {}, {}, requirements));
    const { modelChanges, failures } = await client.examine({ database: false });
    expect(failures).toEqual({});
    expect(modelChanges).toEqual([
      {
        app: 'shop',
        own: true,
        changes: [
          'Remove field old from order',
          'Add field made to order',
          'Add field new to order',
          'Add field number to order',
        ],
      },
    ]);
  });

  test('an app without migrations is none of its business; an empty package of migrations is', async () => {
    const models = 'from django.db import models\nclass Order(models.Model):\n    pass\n';
    const project = await createProject({ 'shop/models.py': models }, {}, {}, requirements);
    const client = await start(project);
    expect((await client.examine({ database: false })).modelChanges).toEqual([]);
    const empty = await createProject(
      { 'shop/models.py': models, 'shop/migrations/__init__.py': '' },
      {},
      {},
      requirements,
    );
    expect((await (await start(empty)).examine({ database: false })).modelChanges).toEqual([
      { app: 'shop', own: true, changes: ['Create model Order'] },
    ]);
  });

  test("shows Django's own checks, but those that are silenced", async () => {
    const settings = `${SETTINGS}
SILENCED_SYSTEM_CHECKS = ['fields.W342']
SECRET_KEY_FALLBACKS = ['x']
MIDDLEWARE = ['shop.middleware']
`;
    const models = `
from django.contrib.auth.models import User
from django.core import checks
from django.db import models

class Order(models.Model):
    customer = models.ForeignKey(User, unique=True, on_delete=models.CASCADE)
    state = models.ManyToManyField(User, null=True, related_name='+')

@checks.register
def own(app_configs, **kwargs):
    print('looking')
    return [checks.Warning('Own\\nwords', obj=None)]
`;
    const project = await createProject(
      { ...SHOP, 'shop/models.py': models, 'mysite/settings.py': settings },
      {},
      {},
      requirements,
    );
    const client = await start(project);
    const { systemChecks, settings: found } = await client.examine({ database: false });
    expect(found).toMatchObject({ hasSecretKeyFallbacks: true, sharedApps: null, middleware: ['shop.middleware'] });
    expect(systemChecks).toEqual(
      expect.arrayContaining([
        { id: null, level: 30, message: 'Own\nwords', hint: null, object: null },
        {
          id: 'fields.W340',
          level: 30,
          message: 'null has no effect on ManyToManyField.',
          hint: null,
          object: 'shop.Order.state',
        },
      ]),
    );
    expect(systemChecks).toHaveLength(2);
  });

  test('a part that fails is told, and the others go on', async () => {
    const files = {
      ...SHOP,
      'shop/models.py': `
from django.core import checks
from django.db import models

class Order(models.Model):
    old = models.TextField()

@checks.register
def own(app_configs, **kwargs):
    raise SystemExit('no checks today\\nreally')
`,
    };
    const project = await createProject(files, {}, {}, requirements);
    const client = await start(project);
    const examination = await client.examine({ database: true });
    expect(examination.failures).toEqual({
      systemChecks: "SystemExit: sys.exit('no checks today\\nreally') was called",
    });
    expect(examination).toMatchObject({
      systemChecks: [],
      modelChanges: [],
      extensions: [],
      settings: { routers: [] },
    });

    await writeFile(path.join(project.directory, 'shop/migrations/0002_broken.py'), 'this is not Python');
    const broken = await client.examine({ database: false });
    expect(Object.keys(broken.failures)).toEqual(
      expect.arrayContaining(['modelChanges', 'extensions', 'systemChecks']),
    );
    expect(broken.failures['modelChanges']).toBe("NameError: name 'this' is not defined");
  });
});
