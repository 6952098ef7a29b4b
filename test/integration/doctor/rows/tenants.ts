import { appendSettings, editProjectFile, writeProjectFile } from '../../../support/sample-project.ts';
import { usersInBothLists } from '../../../support/variations.ts';
import type { DoctorSite } from '../support/healthy-site.ts';
import type { Row } from '../support/row.ts';

const sql =
  (...statements: readonly string[]) =>
  async (site: DoctorSite): Promise<void> => {
    for (const statement of statements) await site.sql(statement);
  };

const settings =
  (code: string): Row['breaks'] =>
  ({ project }) =>
    appendSettings(project, code);

/** The sample set up as it stands after the site's variations. */
const setUp = async (site: DoctorSite): Promise<void> => {
  const run = await site.run();
  if (run.exitCode !== 0) throw new Error(run.stderr);
};

const ADD_TENANT = `INSERT INTO customers_library (schema_name, name, contact_email, created_on) VALUES ('north', 'North', '', now())`;

const MOVE = (app: string): string => `
SHARED_APPS = [app for app in SHARED_APPS if app != "${app}"]
TENANT_APPS = ["${app}"] + TENANT_APPS
`;

/** Tenants, their domains and schemas, and the settings that keep them apart. */
export const TENANT_ROWS: readonly Row[] = [
  {
    name: 'a tenant has no schema, and the model does not create schemas',
    breaks: async (site) => {
      await sql(ADD_TENANT)(site);
      await sql(
        `INSERT INTO customers_domain (domain, is_primary, tenant_id) SELECT 'north.localhost', true, id FROM customers_library WHERE schema_name = 'north'`,
      )(site);
      await editProjectFile(site.project, 'backend/customers/models.py', 'schema = True', 'schema = False');
    },
    code: 'schema-missing',
    severity: 'error',
    mends: /"withoutSchema": \["north"\]/,
  },
  {
    name: 'the engine is the plain one',
    breaks: settings('DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"'),
    code: 'tenancy-not-effective',
    severity: 'error',
    mends: /django_tenants\.postgresql_backend/,
  },
  {
    name: 'no middleware chooses the tenant',
    breaks: settings('MIDDLEWARE = [name for name in MIDDLEWARE if "tenants" not in name]'),
    code: 'tenant-middleware-missing',
    severity: 'warning',
    mends: /at the top of MIDDLEWARE/,
  },
  {
    name: 'sessions are read before the tenant is known',
    breaks: settings('MIDDLEWARE = MIDDLEWARE[1:] + MIDDLEWARE[:1]'),
    code: 'tenant-middleware-late',
    severity: 'warning',
    mends: /to the top of MIDDLEWARE/,
  },
  {
    name: 'an app of Django stands before django-tenants',
    breaks: settings('SHARED_APPS.insert(0, SHARED_APPS.pop(SHARED_APPS.index("django.contrib.staticfiles")))'),
    code: 'tenant-app-order',
    severity: 'info',
    mends: /to the top of SHARED_APPS/,
  },
  {
    name: 'the list of tenants is in tenants only',
    breaks: settings(MOVE('customers')),
    code: 'tenant-model-not-shared',
    severity: 'error',
    mends: /to SHARED_APPS/,
    // The move itself: where the app is now, its migrations are recorded and its tables are not there.
    also: ['schema-drift'],
  },
  {
    name: 'permissions are shared, and what they are about is not',
    breaks: settings(MOVE('django.contrib.contenttypes')),
    code: 'stranded-foreign-key',
    severity: 'error',
    mends: /Add the app contenttypes to SHARED_APPS too/,
    also: ['schema-drift'],
  },
  {
    name: 'users in both lists, the admin in one',
    site: {
      start: 'empty',
      variations: [
        usersInBothLists,
        (project) => appendSettings(project, 'TENANT_APPS.remove("django.contrib.admin")'),
      ],
    },
    breaks: setUp,
    code: 'admin-log-apart',
    severity: 'warning',
    mends: /"django\.contrib\.admin" to TENANT_APPS/,
  },
  {
    name: 'content types in both lists, permissions in one',
    site: {
      start: 'empty',
      variations: [(project) => appendSettings(project, 'TENANT_APPS.insert(0, "django.contrib.contenttypes")')],
    },
    breaks: setUp,
    code: 'content-types-apart',
    severity: 'info',
    mends: /in the same lists/,
  },
  {
    name: 'an app in neither list',
    site: { start: 'empty', variations: [(project) => appendSettings(project, 'TENANT_APPS.remove("notices")')] },
    breaks: setUp,
    code: 'app-in-no-list',
    severity: 'warning',
    mends: /to SHARED_APPS or TENANT_APPS/,
  },
  {
    name: 'there is no public tenant',
    breaks: sql(
      `DELETE FROM customers_domain WHERE tenant_id IN (SELECT id FROM customers_library WHERE schema_name = 'public')`,
      `DELETE FROM customers_library WHERE schema_name = 'public'`,
    ),
    code: 'super-tenant-needed',
    severity: 'error',
    mends: 'npx devsetup',
    fixable: true,
  },
  {
    name: 'the guest tenant was deleted, and its schema left',
    breaks: sql(
      `DELETE FROM customers_domain WHERE domain = 'guest.localhost'`,
      `DELETE FROM customers_library WHERE schema_name = 'guest'`,
    ),
    code: 'guest-tenant-needed',
    severity: 'warning',
    mends: 'npx devsetup',
    also: ['schema-without-tenant'],
    fixable: true,
  },
  {
    name: 'a tenant has no schema',
    site: { start: 1 },
    breaks: sql(
      `INSERT INTO customers_domain (domain, is_primary, tenant_id) SELECT 't001.localhost', true, id FROM customers_library WHERE schema_name = 't001'`,
      'DROP SCHEMA t001 CASCADE',
    ),
    code: 'tenant-migrations-needed',
    severity: 'error',
    mends: 'npx devsetup',
    fixable: true,
  },
  {
    name: 'a tenant was deleted and its schema left',
    site: { start: 1 },
    breaks: sql(
      `DELETE FROM customers_domain WHERE tenant_id IN (SELECT id FROM customers_library WHERE schema_name = 't001')`,
      `DELETE FROM customers_library WHERE schema_name = 't001'`,
    ),
    code: 'schema-without-tenant',
    severity: 'info',
    mends: /back up the schema before you drop it/,
  },
  {
    name: 'a tenant has no domain',
    breaks: async (site) => {
      await site.sql(ADD_TENANT);
      await setUp(site);
    },
    code: 'tenant-without-domain',
    severity: 'warning',
    mends: 'cd backend && python manage.py create_domain --schema north',
    answers: 'north.localhost\\n\\n',
  },
  {
    name: 'a tenant has no primary domain',
    breaks: sql(`UPDATE customers_domain SET is_primary = false WHERE domain = 'guest.localhost'`),
    code: 'tenant-without-primary-domain',
    severity: 'warning',
    mends: /is_primary/,
  },
  {
    name: 'squawk is shown what sqlmigrate prints for the public schema',
    breaks: async ({ project }) => {
      await writeProjectFile(
        project,
        '.github/scripts/lint-migrations.sh',
        'for m in $CHANGED; do\n  python backend/manage.py sqlmigrate "$APP" "$m" > "$m.sql"\ndone\nnpx squawk ./*.sql\n',
      );
    },
    code: 'migration-linter-blind',
    severity: 'warning',
    mends: /tenant_command sqlmigrate/,
  },
];
