import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { editProjectFile, writeProjectFile, type Variation } from '../../support/sample-project.ts';
import { configure, withoutOwnCommands, withPendingMigration } from '../../support/variations.ts';
import { DJANGO_42, DJANGO_52 } from '../../support/venv.ts';
import { withSite, type Site } from './support/site.ts';
import { sampleOf } from '../../support/thoroughness.ts';

const execute = promisify(execFile);

const CREDENTIALS = { DJANGO_SUPERUSER_USERNAME: 'ada', DJANGO_SUPERUSER_PASSWORD: 'correct horse' };

/** The tenant model leaves the creation of schemas to whoever saves a tenant. */
const noAutoCreateSchema: Variation = (project) =>
  editProjectFile(project, 'backend/customers/models.py', 'auto_create_schema = True', 'auto_create_schema = False');

/** `create_schema` of the project: takes fewer options than the library's, and leaves a trace. */
const ownCreateSchema: Variation = async (project) => {
  await noAutoCreateSchema(project);
  await editProjectFile(
    project,
    'backend/customers/models.py',
    '    class Meta:\n        ordering = ["name"]',
    `    def create_schema(self, check_if_exists=False, sync_schema=True):
        created = super().create_schema(check_if_exists=check_if_exists, sync_schema=sync_schema)
        type(self).objects.filter(pk=self.pk).update(contact_email="created@example.org")
        return created

    class Meta:
        ordering = ["name"]`,
  );
};

const schemas = async (site: Site): Promise<readonly unknown[]> =>
  (await site.sql("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|information' ORDER BY 1")).map(
    ({ nspname }) => nspname,
  );

const addRow = (site: Site, schema: string) =>
  site.sql("INSERT INTO customers_library (schema_name, name, contact_email, created_on) VALUES ($1, $1, '', now())", [
    schema,
  ]);

const applied = async (site: Site, schema: string): Promise<unknown> =>
  (await site.sql(`SELECT count(*)::int AS count FROM "${schema}".django_migrations`))[0]?.['count'];

describe('a tenant model with auto_create_schema = False', () => {
  test.each(
    sampleOf(
      [
        ['Django 4.2', DJANGO_42],
        ['Django 5.2', DJANGO_52],
      ] as const,
      2,
    ),
  )(
    'the guest tenant gets a schema with everything migrated; then there is nothing to do: %s',
    async (_, requirements) => {
      const variations = [withoutOwnCommands, noAutoCreateSchema];
      await withSite({ variations, requirements, env: CREDENTIALS }, async (site) => {
        const first = await site.run();
        expect(first.exitCode).toBe(0);
        expect(await schemas(site)).toEqual(['guest', 'public']);
        expect(first.status('superuser')).toBe('changed');
        expect((await site.run()).report.outcome).toBe('unchanged');
      });
    },
  );

  test('a guest row that an earlier run left without a schema gets one', async () => {
    const variations = [withoutOwnCommands, noAutoCreateSchema];
    await withSite({ start: 'ready', variations }, async (site) => {
      await site.sql('DROP SCHEMA guest CASCADE');
      expect((await site.run()).exitCode).toBe(0);
      expect(await schemas(site)).toEqual(['guest', 'public']);
      expect((await site.run()).report.outcome).toBe('unchanged');
    });
  });

  test('a row of the project without a schema fails the run after the others were migrated, until it is declared', async () => {
    const variations = [noAutoCreateSchema, withPendingMigration('notices')];
    await withSite({ start: 1, variations, env: CREDENTIALS }, async (site) => {
      await addRow(site, 'archived');
      const before = Number(await applied(site, 't001'));
      const preview = await site.run(['--dry-run']);
      expect(preview.step('tenant-migrations').message).toContain('archived');
      expect(preview.step('tenant-migrations').actions.join()).not.toContain('archived');
      const failed = await site.run();
      expect(failed.exitCode).toBe(1);
      const { code, message, hint } = failed.failure('tenant-migrations');
      expect(code).toBe('SCHEMA_MISSING');
      expect(message).toContain('archived');
      expect(hint).toContain('"withoutSchema": ["archived"]');
      expect(Number(await applied(site, 't001'))).toBe(before + 1);
      expect((await site.run(['--dry-run'])).failure('tenant-migrations').code).toBe('SCHEMA_MISSING');

      await configure({ tenants: { withoutSchema: ['arch*'] } })(site.project);
      const run = await site.run();
      expect(run.exitCode).toBe(0);
      expect(run.status('superuser')).toBe('changed');
      expect(run.step('tenant-migrations').message).toContain('1 without a schema as configured');
      expect(run.step('tenant-migrations').details.join()).toContain('archived');
      expect(await schemas(site)).not.toContain('archived');
      expect((await site.run()).report.outcome).toBe('unchanged');
      expect((await site.show(['migrate', '--environment', 'dev'])).exitCode).toBe(0);
    });
  });

  test('the command that the failure names creates the schema', async () => {
    await withSite({ start: 'ready', variations: [noAutoCreateSchema] }, async (site) => {
      await addRow(site, 'branch');
      const { manage } = (await site.run()).step('tenant-migrations').data as { manage: readonly string[] };
      const env = { ...process.env, ...(site.env as Record<string, string>) };
      await execute(site.python.python, ['manage.py', ...manage], { cwd: site.project.backend, env });
      expect(await schemas(site)).toContain('branch');
      expect((await site.run()).exitCode).toBe(0);
    });
  });
});

test("the project's own create_schema is called, with the options it takes", async () => {
  await withSite({ variations: [withoutOwnCommands, ownCreateSchema] }, async (site) => {
    expect((await site.run()).exitCode).toBe(0);
    const email = "SELECT contact_email FROM customers_library WHERE schema_name = 'guest'";
    expect(await site.sql(email)).toEqual([{ contact_email: 'created@example.org' }]);
    await site.sql('DROP SCHEMA guest CASCADE');
    await site.sql("UPDATE customers_library SET contact_email = ''");
    expect((await site.run()).exitCode).toBe(0);
    expect(await schemas(site)).toContain('guest');
    expect(await site.sql(email)).toEqual([{ contact_email: 'created@example.org' }]);
  });
});

test('a guest tenant that is declared to have no schema gets a row and none', async () => {
  const config = { tenants: { withoutSchema: ['guest'] } };
  await withSite({ variations: [withoutOwnCommands, noAutoCreateSchema], config }, async (site) => {
    expect((await site.run()).exitCode).toBe(0);
    expect(await schemas(site)).toEqual(['public']);
    expect((await site.run()).report.outcome).toBe('unchanged');
  });
});

const PROPERTY: Variation = (project) =>
  editProjectFile(
    project,
    'backend/customers/models.py',
    '    auto_create_schema = True\n',
    `    @property
    def auto_create_schema(self):
        return not self.name.startswith("archived")
`,
  );

/** Its column is added by a pending migration. */
const FIELD: Variation = async (project) => {
  await editProjectFile(
    project,
    'backend/customers/models.py',
    'auto_create_schema = True',
    'auto_create_schema = models.BooleanField(default=False)',
  );
  await writeProjectFile(
    project,
    'backend/customers/migrations/0099_auto_create_schema.py',
    `from django.db import migrations, models


def decide(apps, schema_editor):
    apps.get_model("customers", "Library").objects.exclude(name="archived").update(auto_create_schema=True)


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_library_contact_email")]
    operations = [
        migrations.AddField("library", "auto_create_schema", models.BooleanField(default=False)),
        migrations.RunPython(decide, migrations.RunPython.noop),
    ]
`,
  );
};

test.each([
  ['a property', PROPERTY],
  ['a field', FIELD],
])('%s auto_create_schema decides for each tenant whether its schema is created', async (_, variation) => {
  await withSite({ start: 'ready', variations: [variation] }, async (site) => {
    await addRow(site, 'archived');
    await addRow(site, 'branch');
    const failed = await site.run();
    expect(failed.failure('tenant-migrations').message).toMatch(/^1 tenant without a schema, .*: archived$/);
    expect(await schemas(site)).toEqual(['branch', 'guest', 'public']);
    await configure({ tenants: { withoutSchema: ['archived'] } })(site.project);
    expect((await site.run()).exitCode).toBe(0);
  });
});
