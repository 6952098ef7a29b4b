import { sampleOf } from '../../../support/thoroughness.ts';
import { history, sql, type History } from './history.ts';
import { withTenants } from './tenants.ts';

/** One way in which a project keeps its tenants, with settings and tenants of its own. */
export interface Setup {
  /** The title of its tests. */
  readonly kind: string;
  /** Python: appended to the settings. */
  readonly settings?: string;
  /** By path from the backend. */
  readonly files?: Readonly<Record<string, string>>;
  readonly histories: readonly History[];
  /** Python: makes the tenants, before the new migrations are there. */
  readonly prepare: string;
  /** Tenants, in the order in which plain Django is given them. */
  readonly schemas: readonly string[];
  /** Those without a schema: plain Django makes it when their row is saved. */
  readonly withoutSchema?: readonly string[];
  /** Refused by plain Django and by devsetup. */
  readonly isRefused?: boolean;
}

const ROW = history('a row', (app) => [
  { operations: 'migrations.AddField("item", "colour", models.CharField(max_length=9, default="red"))' },
  { code: `apps.get_model("${app}", "Item").objects.create(name=connection.schema_name, colour="blue")` },
]);

const OTHER = history('another row', (app) => [
  { operations: sql(`UPDATE ${app}_item SET size = 7`) },
  { name: '0003_last', operations: 'migrations.AddField("item", "last", models.IntegerField(null=True))' },
]);

const receiver = (signal: string, body: string): Readonly<Record<string, string>> => ({
  'a_row/apps.py': `from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django_tenants.signals import post_schema_sync


def receive(sender, **given):
    from tenancy.recording import record
${body.replace(/^(?=.)/gm, '    ')}


class Config(AppConfig):
    name = "a_row"

    def ready(self):
        ${signal}.connect(receive)
`,
});

const simple = (kind: string, more: Partial<Setup> = {}): Setup => ({
  kind,
  histories: [ROW, OTHER],
  prepare: withTenants(['one', 'two']),
  schemas: ['one', 'two'],
  ...more,
});

const options = (kind: string, entry: string): Setup =>
  simple(kind, { settings: `DATABASES["default"].update(${entry})` });

const ALL: readonly Setup[] = [
  simple('tenants in several states', {
    prepare: `${withTenants(['usual', 'With-Dash', 'behind', 'ahead', 'empty', 'zero'])}
from django.db import connection
Tenant.auto_create_schema = False
Tenant(schema_name="new", name="new").save()
Tenant(schema_name="newer", name="newer").save()
cursor = connection.cursor()
for statement in [
    "DELETE FROM behind.django_migrations WHERE app = 'another_row'", "DROP TABLE behind.another_row_item",
    "INSERT INTO ahead.django_migrations (app, name, applied) VALUES ('a_row', '0099_of_another_branch', now())",
    "DROP SCHEMA empty CASCADE", "CREATE SCHEMA empty", "DELETE FROM zero.django_migrations WHERE app IN ('a_row', 'another_row')",
    "DROP TABLE zero.a_row_item, zero.another_row_item",
]:
    cursor.execute(statement)
`,
    schemas: ['usual', 'With-Dash', 'behind', 'ahead', 'empty', 'zero', 'new', 'newer'],
    withoutSchema: ['new', 'newer'],
  }),
  simple('tenants of several types', {
    settings: `HAS_MULTI_TYPE_TENANTS = True
MULTI_TYPE_DATABASE_FIELD = "kind"
TENANT_TYPES = {
    "public": {"APPS": SHARED_APPS, "URLCONF": "config.urls"},
    "plain": {"APPS": ["django.contrib.contenttypes", "django.contrib.auth", "a_row"], "URLCONF": "config.urls"},
    "large": {"APPS": ["django.contrib.contenttypes", "django.contrib.auth", "a_row", "another_row"], "URLCONF": "config.urls"},
}
`,
    files: { 'config/urls.py': 'urlpatterns = []\n' },
    prepare: `
from tenancy.models import Domain, Tenant
for schema, kind in [("public", "public"), ("one", "plain"), ("two", "large"), ("three", "large")]:
    tenant = Tenant(schema_name=schema, name=schema, kind=kind)
    tenant.save()
    Domain(domain=schema + ".localhost", tenant=tenant, is_primary=True).save()
Tenant.auto_create_schema = False
Tenant(schema_name="new", name="new", kind="large").save()
`,
    schemas: ['one', 'two', 'three', 'new'],
    withoutSchema: ['new'],
  }),
  simple('new tenants cloned from a template', {
    settings: 'TENANT_BASE_SCHEMA = "template"\nTENANT_CREATION_FAKES_MIGRATIONS = True',
    prepare: `${withTenants(['template', 'one'])}
Tenant.auto_create_schema = False
Tenant(schema_name="new", name="new").save()
`,
    schemas: ['template', 'one', 'new'],
    withoutSchema: ['new'],
  }),
  simple('a search path with more schemas', {
    settings: 'PG_EXTRA_SEARCH_PATHS = ["extensions"]\nTENANT_LIMIT_SET_CALLS = True',
  }),
  simple('a public schema of another name', {
    settings: 'PUBLIC_SCHEMA_NAME = "common"',
    prepare: withTenants(['one', 'two']).replace('"public",', '"common",'),
  }),
  simple('an app in both lists', { settings: 'SHARED_APPS.append("a_row")' }),
  simple('an order of migrations, a command and an executor of its own', {
    settings: `TENANT_MIGRATION_ORDER = ["-schema_name"]
TENANT_BASE_MIGRATE_COMMAND = "tenancy.migrate.Command"
`,
    files: {
      'tenancy/migrate.py': `from django.core.management.commands.migrate import Command as Migrate
from django.db import connection


class Command(Migrate):
    def handle(self, *args, **options):
        from tenancy.recording import record

        record("own command", connection.schema_name, interactive=options["interactive"], fake=options["fake"])
        return super().handle(*args, **options)
`,
    },
  }),
  simple('a manager that leaves tenants out', {
    files: {
      'tenancy/models.py': `from django.db import models
from django_tenants.models import DomainMixin, TenantMixin


class Open(models.Manager):
    def get_queryset(self):
        return super().get_queryset().exclude(kind="gone")


class Tenant(TenantMixin):
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, default="plain")
    objects = Open()


class Domain(DomainMixin):
    pass
`,
    },
    prepare: `${withTenants(['one', 'two', 'gone'])}\nTenant.objects.filter(schema_name="gone").update(kind="gone")`,
  }),
  options('another isolation level', '{"OPTIONS": {"isolation_level": 2}}'),
  options(
    'settings of the session in the options',
    '{"OPTIONS": {"options": "-c statement_timeout=123456 -c timezone=Asia/Tokyo", "application_name": "library"}, "TIME_ZONE": "Europe/Berlin", "DISABLE_SERVER_SIDE_CURSORS": True, "CONN_MAX_AGE": None}',
  ),
  options('a role', '{"OPTIONS": {"assume_role": DATABASES["default"]["USER"]}}'),
  simple('a receiver that changes each session', {
    files: receiver('connection_created', 'given["connection"].cursor().execute("SET statement_timeout = 345678")'),
  }),
  simple('a receiver that seeds new tenants', {
    files: receiver(
      'post_schema_sync',
      `from django_tenants.utils import schema_context
if given["tenant"].schema_name != "public":
    with schema_context(given["tenant"].schema_name):
        from django.contrib.auth.models import Group
        Group.objects.create(name="seeded")`,
    ),
    prepare: `${withTenants(['one'])}\nTenant.auto_create_schema = False\nTenant(schema_name="new", name="new").save()`,
    schemas: ['one', 'new'],
    withoutSchema: ['new'],
  }),
  simple('a receiver that opens a thread and a connection', {
    files: receiver(
      'pre_migrate',
      'import threading\nfrom django.db import connection\nthread = threading.Thread(target=lambda: connection.cursor().execute("SELECT 1"))\nthread.start()\nthread.join()',
    ),
  }),
  simple('settings that log every statement', {
    settings: `DEBUG = True
LOGGING = {"version": 1, "handlers": {"out": {"class": "logging.StreamHandler"}}, "loggers": {"django.db.backends": {"handlers": ["out"], "level": "DEBUG"}}}
LANGUAGE_CODE = "de"
TIME_ZONE = "Asia/Kathmandu"`,
  }),
  simple('two leaves without a merge', {
    histories: [
      history('a row', (app) => [
        { operations: 'migrations.AddField("item", "left", models.IntegerField(null=True))' },
        {
          name: '0002_other',
          dependencies: [[app, '0001_initial']],
          operations: 'migrations.AddField("item", "right", models.IntegerField(null=True))',
        },
      ]),
    ],
    isRefused: true,
  }),
  simple('a migration that cannot be imported', {
    histories: [history('a row', () => [{ head: 'import not_installed_anywhere', code: 'pass' }])],
    isRefused: true,
  }),
  simple('a dependency that is not there', {
    histories: [history('a row', () => [{ also: [['auth', '0099_not_there']], code: 'pass' }])],
    isRefused: true,
  }),
];

export const SETUPS = sampleOf(ALL, 9);
