import { describe, expect, test } from 'vitest';

import { DJANGO_42, PLAIN } from '../../support/venv.ts';
import { createDatabase, query } from '../../support/postgres.ts';
import { createProject, SETTINGS, start, type Files } from '../companion/support/django-project.ts';
import {
  createModel,
  GENERATIONS,
  migrateShared,
  migrateTenants,
  migration,
  sql,
  startMigrated,
  startSite,
  type Started,
} from './support/tenant-site.ts';

/** Models of every kind in an app of the tenants. */
const RICH: Files = {
  'customers/migrations/0002_quoted.py': migration(
    "('customers', '0001_initial')",
    "migrations.CreateModel('Quoted', [('id', models.AutoField(primary_key=True))], options={'db_table': 'public\".\"quoted'})",
  ),
  'crm/migrations/0003_rich.py': migration(
    "('crm', '0002_city'), ('auth', '0001_initial'), ('contenttypes', '0001_initial')",
    [
      createModel('Person', "('born', models.DateField(db_column='Date Of Birth'))"),
      "migrations.CreateModel('Boss', [('person_ptr', models.OneToOneField('crm.person', models.CASCADE, parent_link=True, primary_key=True, serialize=False))], bases=('crm.person',))",
      "migrations.CreateModel('Shadow', [], options={'proxy': True}, bases=('crm.person',))",
      "migrations.CreateModel('Elsewhere', [('id', models.AutoField(primary_key=True))], options={'managed': False})",
      createModel(
        'Project',
        `('boss', models.ForeignKey('crm.boss', models.CASCADE, null=True)), ('kind', models.ForeignKey('contenttypes.contenttype', models.CASCADE, db_column='kind')),
         ('people', models.ManyToManyField('crm.person', related_name='+'))`,
      ),
      createModel(
        'Seat',
        "('project', models.ForeignKey('crm.project', models.CASCADE)), ('user', models.ForeignKey('auth.user', models.CASCADE))",
      ),
      createModel('Swapped', "('name', models.TextField())").replace(
        ')])',
        ")], options={'swappable': 'CRM_SWAPPED_MODEL'})",
      ),
      "migrations.AddField('Project', 'through', models.ManyToManyField('auth.user', through='crm.Seat', related_name='+'))",
      "migrations.RenameModel('Project', 'Venture')",
      "migrations.RenameField('Venture', 'people', 'humans')",
      "migrations.AlterModelTable('Seat', 'a table with a name that is much longer than the sixty-three bytes allowed')",
    ].join(', '),
  ),
};

const driftOf = async ({ client }: Started) => {
  const { drift, failures } = await client.examine({ database: true });
  expect(failures).toEqual({});
  return drift;
};

describe.each(GENERATIONS)('drift · %s', (_generation, requirements) => {
  test('models of every kind are as they should be, and then they are not', async () => {
    const settings = "CRM_SWAPPED_MODEL = 'crm.Company'";
    const site = await startMigrated({ files: RICH, settings }, requirements, 'one', 'Two words', 'three');
    expect(await driftOf(site)).toEqual([]);
    expect((await site.client.examine({ database: false })).drift).toBeNull();

    await sql('ALTER TABLE "Two words".crm_company DROP COLUMN city, DROP COLUMN name, ADD COLUMN extra int');
    await sql('ALTER TABLE three.crm_person DROP COLUMN "Date Of Birth"');
    await sql('DROP TABLE three.crm_venture_humans');
    await sql('DROP TABLE one.crm_company');
    await sql('DROP TABLE public.customers_domain');
    await sql('ALTER TABLE public.auth_user DROP COLUMN last_name');
    for (const schema of ['one', 'three']) await sql(`ALTER TABLE ${schema}.crm_venture DROP COLUMN boss_id`);
    // In the search path of a tenant, and all the same not its own.
    await sql('CREATE TABLE public.crm_company (id int, name text, city text)');
    expect(await driftOf(site)).toEqual([
      { app: 'auth', model: 'User', table: 'auth_user', columns: ['last_name'], schemas: ['public'] },
      { app: 'crm', model: 'Company', table: 'crm_company', columns: [], schemas: ['one'] },
      { app: 'crm', model: 'Company', table: 'crm_company', columns: ['name', 'city'], schemas: ['Two words'] },
      { app: 'crm', model: 'Person', table: 'crm_person', columns: ['Date Of Birth'], schemas: ['three'] },
      { app: 'crm', model: 'Venture', table: 'crm_venture', columns: ['boss_id'], schemas: ['one', 'three'] },
      { app: 'crm', model: 'Venture', table: 'crm_venture_humans', columns: [], schemas: ['three'] },
      { app: 'customers', model: 'Domain', table: 'customers_domain', columns: [], schemas: ['public'] },
    ]);
  });

  test('a migration that is pending, and one that is not in the code, are not drift', async () => {
    const site = await startMigrated({}, requirements, 'one', 'two');
    await sql("DELETE FROM one.django_migrations WHERE name = '0002_city'");
    await sql('ALTER TABLE one.crm_company DROP COLUMN city');
    await sql("INSERT INTO two.django_migrations (app, name, applied) VALUES ('crm', '0003_drops', now())");
    await sql('ALTER TABLE two.crm_company DROP COLUMN name');
    expect(await driftOf(site)).toEqual([]);
  });

  test('what migrations change by other means is not expected', async () => {
    const files = {
      'crm/migrations/0003_means.py': migration(
        "('crm', '0002_city')",
        [
          ...['Sqled', 'Moved', 'Pythoned', 'Dynamic', 'Flagged', 'Kept', 'Updated'].map((name) =>
            createModel(name, "('gone', models.TextField(default=''))"),
          ),
          "migrations.RunSQL('ALTER TABLE crm_sqled DROP COLUMN gone', migrations.RunSQL.noop)",
          `migrations.SeparateDatabaseAndState(
             state_operations=[migrations.AddField('moved', 'never', models.TextField())],
             database_operations=[migrations.RemoveField('moved', 'gone')])`,
          "migrations.RenameModel('Moved', 'Again')",
          'migrations.RunPython(drop)',
          'migrations.RunPython(fill)',
          "migrations.RunSQL('UPDATE crm_updated SET gone = gone')",
          "migrations.AlterModelOptions('flagged', {'managed': False})",
          "migrations.AlterModelOptions('flagged', {'managed': True})",
        ].join(', '),
        `
MODEL = 'Pythoned'

def drop(apps, schema_editor):
    remove(apps.get_model('crm', MODEL), schema_editor)

def remove(model, schema_editor):
    schema_editor.remove_field(model, model._meta.get_field('gone'))

def fill(apps, schema_editor):
    if schema_editor.connection.alias == 'default':
        apps.get_model('crm', 'Company').objects.update(city='')
`,
      ),
    };
    const site = await startMigrated({ files }, requirements, 'one');
    await sql('DROP TABLE one.crm_flagged');
    await sql('DROP TABLE one.crm_kept');
    await sql('ALTER TABLE one.crm_updated DROP COLUMN gone');
    expect(await driftOf(site)).toEqual([
      { app: 'crm', model: 'Kept', table: 'crm_kept', columns: [], schemas: ['one'] },
      { app: 'crm', model: 'Updated', table: 'crm_updated', columns: ['gone'], schemas: ['one'] },
    ]);
  });

  test('a tenant holds what its type holds', async () => {
    const site = await startSite(
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
    await migrateShared(site.client);
    await sql(`INSERT INTO customers_client (schema_name, name, kind) VALUES ('s', 's', 'shop'), ('b', 'b', 'blog')`);
    await migrateTenants(site.client, ['s', 'b']);
    expect(await driftOf(site)).toEqual([]);
    for (const schema of ['s', 'b']) await sql(`DROP TABLE ${schema}.django_content_type CASCADE`);
    await sql('DROP TABLE s.crm_company');
    expect(await driftOf(site)).toEqual([
      {
        app: 'contenttypes',
        model: 'ContentType',
        table: 'django_content_type',
        columns: [],
        schemas: ['s', 'b'],
      },
      { app: 'crm', model: 'Company', table: 'crm_company', columns: [], schemas: ['s'] },
    ]);
  });
});

const plainShop = (database: string): Files => ({
  'mysite/settings.py': `${SETTINGS}\n${database}`,
  'shop/migrations/__init__.py': '',
  'shop/migrations/0001_initial.py': migration(
    '',
    createModel('Order', "('Number', models.IntegerField()), ('text', models.TextField())"),
  ).replace(/import django_tenants.*\n/, ''),
  'shop/migrations/0002_drop.py': migration(
    "('shop', '0001_initial')",
    "migrations.RemoveField('order', 'text')",
  ).replace(/import django_tenants.*\n/, ''),
});

describe.each([
  ['Django 4.2', DJANGO_42],
  ['Django 5.2', PLAIN],
])('drift without tenants · %s', (_generation, requirements) => {
  test('SQLite', async () => {
    const client = await start(await createProject(plainShop(''), {}, {}, requirements));
    expect((await client.examine({ database: true })).drift).toEqual([]);
    await client.run({ command: 'migrate', args: ['-v', '0'] });
    expect((await client.examine({ database: true })).drift).toEqual([]);
    await client.run({
      command: 'shell',
      args: ['-c', "from django.db import connection; connection.cursor().execute('DROP TABLE auth_user_groups')"],
    });
    expect((await client.examine({ database: true })).drift).toEqual([
      { app: 'auth', model: 'User', table: 'auth_user_groups', columns: [], schemas: [null] },
    ]);
  });

  test('PostgreSQL, in a schema of its own', async () => {
    const database = await createDatabase();
    try {
      await query(database.url, 'CREATE SCHEMA own');
      const settings = `DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': '${database.name}',
        'USER': '${database.user}', 'PASSWORD': '${database.password}', 'HOST': '${database.host}', 'PORT': ${database.port},
        'OPTIONS': {'options': '-c search_path=own,public'}}}`;
      const client = await start(await createProject(plainShop(settings), {}, {}, requirements));
      expect((await client.run({ command: 'migrate', args: ['-v', '0'] })).exitCode).toBe(0);
      expect((await client.examine({ database: true })).drift).toEqual([]);
      await query(database.url, 'ALTER TABLE own.shop_order DROP COLUMN "Number"');
      await query(database.url, 'CREATE SCHEMA other');
      await query(database.url, 'CREATE TABLE other.shop_order ("Number" int)');
      const { drift, failures } = await client.examine({ database: true });
      expect(failures).toEqual({});
      expect(drift).toEqual([
        { app: 'shop', model: 'Order', table: 'shop_order', columns: ['Number'], schemas: [null] },
      ]);
    } finally {
      await database.drop();
    }
  });
});
