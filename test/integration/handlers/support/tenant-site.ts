import { Client } from 'pg';
import { afterEach, beforeEach, expect } from 'vitest';

import type { DjangoClient, MigrateTenantsParams } from '../../../../src/django/companion-client.ts';
import type { MigrateTenantsResult, ProgressData } from '../../../../src/django/protocol.ts';
import { createDatabase, query, type TestDatabase } from '../../../support/postgres.ts';
import { findInterpreter } from '../../../support/interpreters.ts';
import { DJANGO_42, DJANGO_52, DJANGO_61 } from '../../../support/venv.ts';
import { createProject, start, type DjangoProject, type Files } from '../../companion/support/django-project.ts';
import { isThorough } from '../../../support/thoroughness.ts';

type Generation = readonly [string, readonly string[]];

const DJANGO_5: Generation = ['Django 5.2, django-tenants 4, psycopg 3', DJANGO_52];

/** In a thorough run both ends of what devsetup supports, the newest Django where its Python is installed. */
export const GENERATIONS: readonly Generation[] = isThorough
  ? [
      ['Django 4.2, django-tenants 3.5, psycopg 2', DJANGO_42],
      DJANGO_5,
      ...(findInterpreter('3.13') === undefined
        ? []
        : [['Django 6.1, django-tenants 4, psycopg 3, Python 3.13', DJANGO_61] as const]),
    ]
  : [DJANGO_5];

export interface Site {
  /** Fields of the tenant model beside `name`, as Python: {plan: "models.CharField(max_length=9)"}. */
  readonly tenantFields?: Readonly<Record<string, string>>;
  readonly domainModel?: boolean;
  readonly shared?: readonly string[];
  readonly tenant?: readonly string[];
  /** Python after the settings. */
  readonly settings?: string;
  readonly files?: Files;
  readonly env?: Readonly<Record<string, string>>;
  /** How long a statement waits for a lock; default: as long as the server lets it. */
  readonly lockTimeoutMilliseconds?: number;
}

const AUTH = ['django.contrib.contenttypes', 'django.contrib.auth'];
const list = (names: readonly string[]): string => JSON.stringify(names);
const ID = "('id', models.BigAutoField(primary_key=True, serialize=False, auto_created=True, verbose_name='ID'))";

/** A migration file: dependencies and operations as Python, and functions before the class. */
export const migration = (dependencies: string, operations: string, before = '', body = ''): string => `
import django.db.models.deletion
import django_tenants.postgresql_backend.base
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import connection, migrations, models
${before}

class Migration(migrations.Migration):
    dependencies = [${dependencies}]
    operations = [${operations}]
    ${body}
`;

/** CreateModel as Python. */
export const createModel = (name: string, fields: string): string =>
  `migrations.CreateModel('${name}', [${ID}, ${fields}])`;

const siteFiles = (database: TestDatabase, site: Site): Files => {
  const fields = { name: 'models.CharField(max_length=100)', ...site.tenantFields };
  const entries = Object.entries(fields);
  const domain = site.domainModel !== false;
  const tenantModel =
    "('schema_name', models.CharField(max_length=63, unique=True, db_index=True, " +
    `validators=[django_tenants.postgresql_backend.base._check_schema_name])), ` +
    entries.map(([name, field]) => `('${name}', ${field})`).join(', ');
  const domainModel =
    "('domain', models.CharField(max_length=253, unique=True, db_index=True)), " +
    "('is_primary', models.BooleanField(default=True, db_index=True)), ('tenant', models.ForeignKey(" +
    "'customers.client', on_delete=django.db.models.deletion.CASCADE, related_name='domains'))";
  return {
    'mysite/settings.py': `
SECRET_KEY = 'only for tests'
DEBUG = True
SHARED_APPS = ${list(site.shared ?? ['django_tenants', 'customers', ...AUTH])}
TENANT_APPS = ${list(site.tenant ?? [...AUTH, 'crm'])}
INSTALLED_APPS = SHARED_APPS + [app for app in TENANT_APPS if app not in SHARED_APPS]
DATABASES = {'default': {'ENGINE': 'django_tenants.postgresql_backend', 'NAME': '${database.name}',
    'USER': '${database.user}', 'PASSWORD': '${database.password}', 'HOST': '${database.host}', 'PORT': ${database.port}}}
DATABASE_ROUTERS = ['django_tenants.routers.TenantSyncRouter']
TENANT_MODEL = 'customers.Client'
${domain ? "TENANT_DOMAIN_MODEL = 'customers.Domain'" : ''}
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
PASSWORD_HASHERS = ['django.contrib.auth.hashers.MD5PasswordHasher']
USE_TZ = True
${site.settings ?? ''}
`,
    'customers/__init__.py': '',
    'customers/models.py': `
from django.core.validators import MinValueValidator
from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

class Client(TenantMixin):
${entries.map(([name, field]) => `    ${name} = ${field}`).join('\n')}
${domain ? '\nclass Domain(DomainMixin):\n    pass' : ''}
`,
    'customers/migrations/__init__.py': '',
    'customers/migrations/0001_initial.py': migration(
      entries.some(([, field]) => field.includes("'auth.")) ? "('auth', '__first__')" : '',
      [createModel('Client', tenantModel), ...(domain ? [createModel('Domain', domainModel)] : [])].join(', '),
    ),
    'crm/__init__.py': '',
    'crm/models.py': '',
    'crm/migrations/__init__.py': '',
    'crm/migrations/0001_initial.py': migration(
      '',
      createModel('Company', "('name', models.CharField(max_length=99))"),
    ),
    'crm/migrations/0002_city.py': migration(
      "('crm', '0001_initial')",
      "migrations.AddField('Company', 'city', models.CharField(max_length=50, default=''))",
    ),
    ...site.files,
  };
};

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(() => database.drop());

export interface Started {
  readonly project: DjangoProject;
  readonly client: DjangoClient;
}

/** A project over the test's own empty database, and its companion. */
export const startSite = async (site: Site, requirements: readonly string[]): Promise<Started> => {
  const created = await createProject(siteFiles(database, site), {}, site.env ?? {}, requirements);
  const { lockTimeoutMilliseconds } = site;
  const launch = { ...created.launch, ...(lockTimeoutMilliseconds === undefined ? {} : { lockTimeoutMilliseconds }) };
  const project = { ...created, launch };
  return { project, client: await start(project) };
};

/** Runs SQL in the test's database. */
export const sql = (text: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> =>
  query(database.url, text, values);

/** A session of another program with the test's database; the test ends it. */
export const openSession = async (): Promise<Client> => {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  return client;
};

/** Ends every other session, as a server that restarts does. */
export const endSessions = (): Promise<unknown> =>
  sql(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );

export const migrateShared = async (client: DjangoClient): Promise<void> => {
  let output = '';
  const onOutput = (chunk: string): void => void (output += chunk);
  const result = await client.run(
    { command: 'migrate_schemas', args: ['--shared', '--noinput', '-v', '0'] },
    { onOutput },
  );
  if (result.exitCode !== 0) throw new Error(`migrate_schemas --shared failed:\n${output}\n${result.error?.message}`);
};

/** Tenant rows without schemas, as SQL leaves them. */
export const addRows = async (...schemas: string[]): Promise<void> => {
  for (const schema of schemas) await sql('INSERT INTO customers_client (schema_name, name) VALUES ($1, $1)', [schema]);
};

export interface Migrated extends MigrateTenantsResult {
  readonly progress: readonly ProgressData[];
  readonly output: string;
}

export const migrateTenants = async (
  client: DjangoClient,
  schemas: readonly string[],
  options: Partial<Pick<MigrateTenantsParams, 'fakeInitial' | 'applied' | 'workerLock' | 'alone'>> = {},
): Promise<Migrated> => {
  const progress: ProgressData[] = [];
  let output = '';
  const { fakeInitial = false, applied = null, workerLock = null, alone = false } = options;
  const result = await client.migrateTenants(
    { schemas, fakeInitial, applied, workerLock, alone },
    { onProgress: (data) => progress.push(data), onOutput: (chunk) => void (output += chunk) },
  );
  return { ...result, progress, output };
};

/** A site with the shared schema migrated, and rows of tenants without schemas. */
export const startShared = async (
  site: Site,
  requirements: readonly string[],
  ...tenants: readonly string[]
): Promise<Started> => {
  const started = await startSite(site, requirements);
  await migrateShared(started.client);
  await addRows(...tenants);
  return started;
};

/** A site with everything migrated. */
export const startMigrated = async (
  site: Site,
  requirements: readonly string[],
  ...tenants: readonly string[]
): Promise<Started> => {
  const started = await startShared(site, requirements, ...tenants);
  const { results } = await migrateTenants(started.client, tenants);
  expect(results.map(({ outcome, error }) => error ?? outcome)).toEqual(tenants.map(() => 'migrated'));
  return started;
};
