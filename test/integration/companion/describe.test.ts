import { describe, expect, test } from 'vitest';
import { DJANGO_42, DJANGO_52 } from '../../support/venv.ts';
import { createProject, SETTINGS, start } from './support/django-project.ts';
import { tenantFiles } from './support/tenant-project.ts';
import type { TenantSettings } from './support/tenant-project.ts';

const describeProject = async (options: TenantSettings, requirements?: readonly string[]) =>
  (await start(await createProject(tenantFiles(options), {}, {}, requirements))).description;

test('a plain project', async () => {
  const { description } = await start(await createProject({}, { act: 'pass' }));
  expect(description).toMatchObject({
    mode: 'fork',
    modeReason: null,
    settingsModule: 'mysite.settings',
    debug: true,
    secretKey: 'only for tests',
    database: { engine: 'django.db.backends.sqlite3', vendor: 'sqlite', host: '', port: '' },
    installedApps: ['django.contrib.contenttypes', 'django.contrib.auth', 'shop'],
    tenancy: { mode: 'shared', reason: 'django_tenants is not in INSTALLED_APPS' },
    user: { model: 'auth.User', usernameField: 'username', requiredFields: ['email'], livesIn: 'shared' },
  });
  expect(description.commands).toMatchObject({ migrate: 'django.core', act: 'shop' });
  expect(description.startSeconds).toBeGreaterThan(0);
});

test('an empty secret key is described, not refused', async () => {
  const files = { 'mysite/settings.py': SETTINGS.replace('only for tests', '') };
  expect((await start(await createProject(files))).description.secretKey).toBe('');
});

describe.each([
  ['Django 4.2', DJANGO_42],
  ['Django 5.2', DJANGO_52],
])('django-tenants on %s', (_title, requirements) => {
  test('is described without a connection', async () => {
    expect(await describeProject({}, requirements)).toMatchObject({
      database: {
        vendor: 'postgresql',
        name: 'nowhere',
        user: 'nobody',
        password: 'p@ss:word/%',
        host: 'db.invalid',
        port: '5433',
        options: { sslmode: 'disable' },
      },
      tenancy: {
        mode: 'schemas',
        library: expect.stringMatching(/^django-tenants \d/) as string,
        tenantModel: 'customers.Client',
        domainModel: 'customers.Domain',
        publicSchema: 'public',
        tenantTypes: [],
        autoCreateSchema: true,
        extraSearchPaths: [],
      },
      user: { model: 'people.Person', usernameField: 'mail', requiredFields: ['city'], livesIn: 'shared' },
    });
  });

  test('with several tenant types', async () => {
    const extra = `
HAS_MULTI_TYPE_TENANTS = True
MULTI_TYPE_DATABASE_FIELD = 'kind'
TENANT_TYPES = {
    'public': {'APPS': SHARED_APPS, 'URLCONF': 'mysite.urls'},
    'school': {'APPS': ['django.contrib.contenttypes', 'people'], 'URLCONF': 'mysite.urls'},
}
INSTALLED_APPS = list(dict.fromkeys(app for kind in TENANT_TYPES.values() for app in kind['APPS']))
`;
    const { tenancy, user } = await describeProject({ extra }, requirements);
    expect(tenancy).toMatchObject({ mode: 'schemas', tenantTypes: ['public', 'school'] });
    expect(user.livesIn).toBe('both');
  });
});

describe('django-tenants that is there and not in use', () => {
  test('with the plain engine', async () => {
    const { tenancy } = await describeProject({
      engine: 'django.db.backends.postgresql',
    });
    expect(tenancy).toEqual({
      mode: 'shared',
      reason: 'django_tenants is installed, but the database engine is django.db.backends.postgresql',
    });
  });

  test('without a domain model', async () => {
    const { tenancy } = await describeProject({ extra: "TENANT_DOMAIN_MODEL = 'customers.Nothing'" });
    expect(tenancy).toMatchObject({ mode: 'schemas', domainModel: null });
  });
});

const BASE = ['django_tenants', 'customers', 'shop', 'django.contrib.contenttypes'];

describe('users live', () => {
  test.each([
    ['in the shared apps', [...BASE, 'people'], ['django.contrib.contenttypes'], 'shared'],
    ['in the tenants only', BASE, ['django.contrib.contenttypes', 'people.apps.PeopleConfig'], 'tenant'],
    ['in both', [...BASE, 'people.apps.PeopleConfig'], ['people.apps.PeopleConfig'], 'both'],
  ])('%s', async (_title, shared, tenant, livesIn) => {
    expect((await describeProject({ shared, tenant })).user.livesIn).toBe(livesIn);
  });
});
