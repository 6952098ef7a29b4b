import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import type { CompanionError } from '../../../src/django/protocol.ts';
import { findLiteralHost, findTlsSetting } from '../../../src/project/find-settings-line.ts';
import { settingsModuleRemedy } from '../../../src/project/settings-module-remedy.ts';
import type { Project } from '../../../src/project/types.ts';
import { startAdvice } from '../../../src/setup/start-advice.ts';

const PROJECT: Project = {
  root: '/nowhere',
  backend: {
    managePy: '/nowhere/manage.py',
    directory: '/nowhere',
    python: { interpreter: 'python', venv: null, exists: true, source: 'PATH', basePython: 'python' },
    requirements: null,
  },
  frontends: [],
};

const failed = (last: string, place: string | null = null): CompanionError => {
  const [type = '', message = ''] = last.split(/: (.*)/s);
  return {
    code: 'APPS_FAILED',
    type,
    message,
    traceback: `Traceback (most recent call last):\n  File "/venv/lib/python3.13/site-packages/old/__init__.py", line 1, in <module>\n    import x\n${last}\n`,
    place: place === null ? null : { file: place, line: 3, function: '<module>', source: 'import old' },
    data: {},
  };
};

test.each([
  [
    "ModuleNotFoundError: No module named 'cgi'",
    /^Python 3\.13 has removed `cgi`; it is imported at shop\/models\.py:3\.$/,
    /"python3\.12".*or upgrade the package/,
  ],
  ["ModuleNotFoundError: No module named 'distutils'", /^Python 3\.12 has removed `distutils`/, /add `setuptools`/],
  ["ModuleNotFoundError: No module named 'imp'", /^Python 3\.12 has removed `imp`/, /"python3\.11"/],
  ["ModuleNotFoundError: No module named 'pkg_resources'", /part of setuptools/, /`setuptools<81`/],
  [
    'ImportError: libpq.so.5: cannot open shared object file: No such file or directory',
    /^The system library PostgreSQL client is not installed/,
    /apt-get install libpq5`/,
  ],
  [
    "OSError: cannot load library 'libpango-1.0-0': libpango-1.0-0: cannot open shared object file",
    /^The system library Pango/,
    /libpango-1\.0-0 /,
  ],
  [
    'ImportError: failed to find libmagic.  Check your installation',
    /^The system library libmagic/,
    /apt-get install libmagic1`/,
  ],
  [
    "ModuleNotFoundError: No module named 'psycopg2._psycopg'",
    undefined,
    /native part of a package does not fit this Python/,
  ],
  ['ImportError: /venv/lib/x.so: undefined symbol: _PyUnicode_Ready', undefined, /does not fit this Python/],
  [
    "RuntimeError: Model class shop.models.Item doesn't declare an explicit app_label and isn't in an application in INSTALLED_APPS.",
    undefined,
    /Add `shop` to INSTALLED_APPS/,
  ],
  [
    "ImportError: cannot import name 'X' from partially initialized module 'shop.models' (most likely due to a circular import)",
    undefined,
    /`shop\.models` is imported while it is being imported/,
  ],
  ["django.core.exceptions.AppRegistryNotReady: Apps aren't loaded yet.", undefined, /before the apps are loaded/],
])('%s', async (last, message, hint) => {
  const advice = await startAdvice(failed(last, '/nowhere/shop/models.py'), PROJECT);
  if (message === undefined) expect(advice?.message).toBe(undefined);
  else expect(advice?.message).toMatch(message);
  expect(advice?.hint).toMatch(hint);
});

const APPS = '/venv/lib/python3.13/site-packages/django/apps/config.py';
const IMPORTLIB = '/usr/lib/python3.13/importlib/__init__.py';

test.each([
  [
    'by the module of an app that is a package',
    [APPS, IMPORTLIB, '/venv/lib/python3.13/site-packages/jwt_app/__init__.py'],
    'the package `jwt_app` imports it',
  ],
  ['by INSTALLED_APPS', [APPS, IMPORTLIB, '<frozen importlib._bootstrap>'], 'INSTALLED_APPS names `cgi`'],
  ['by a file that is not a package', ['/opt/tools/start.py'], 'a package imports it'],
])('a module that cannot be imported is asked for %s', async (_, files, asker) => {
  const traceback = files.map((file) => `  File "${file}", line 1, in <module>\n    import cgi\n`).join('');
  const error = { ...failed("ModuleNotFoundError: No module named 'cgi'"), traceback };
  expect((await startAdvice(error, PROJECT))?.message).toBe(`Python 3.13 has removed \`cgi\`; ${asker}.`);
});

test.each([
  [null, 'Add `setuptools<81` to the requirement files'],
  [{ tool: 'pip', files: ['/nowhere/app/base.txt', '/nowhere/app/dev.txt'] }, 'Add `setuptools<81` to app/dev.txt'],
  [{ tool: 'uv', directory: '/nowhere', files: ['/nowhere/uv.lock'] }, "Run `uv add 'setuptools<81'`"],
  [{ tool: 'poetry', directory: '/nowhere/app', files: [] }, "Run `cd app && poetry add 'setuptools<81'`"],
] as const)('%# says where setuptools is added', async (requirements, start) => {
  const backend = { ...PROJECT.backend, requirements: requirements as Project['backend']['requirements'] };
  const advice = await startAdvice(failed("ModuleNotFoundError: No module named 'pkg_resources'"), {
    ...PROJECT,
    backend,
  });
  expect(advice?.hint).toBe(`${start}, or upgrade the package that imports it.`);
});

const withData = (last: string, data: CompanionError['data'], place: string | null = null): CompanionError => ({
  ...failed(last, place),
  data,
});

test.each([
  [
    withData('SystemError: initialization of _psycopg raised unreported exception', {
      package: { name: 'psycopg2', version: '2.9.1', python: '3.11.7', isImport: true },
    }),
    /^The package psycopg2 2\.9\.1 cannot be imported with Python 3\.11\.7 \(SystemError: initialization/,
    /supports Python 3\.11, or a Python that psycopg2 2\.9\.1 supports/,
  ],
  [
    withData(
      'ValueError: bad plan',
      { package: { name: 'billing', version: null, python: '3.12.1', isImport: false } },
      '/nowhere/shop/apps.py',
    ),
    undefined,
    /^The package billing raises this\. Check what the project passes to it at shop\/apps\.py:3/,
  ],
  [
    withData('ValueError: bad plan', {
      package: { name: 'billing', version: '1.0', python: '3.12.1', isImport: false },
    }),
    undefined,
    /^The package billing 1\.0 raises this, not the code of the project/,
  ],
  [
    withData('django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.', {
      setting: {
        name: 'SECRET_KEY',
        place: { file: '/nowhere/app/settings.py', line: 30, source: "SECRET_KEY = config('KEY', default='')" },
      },
    }),
    /^The setting SECRET_KEY is empty \(app\/settings\.py:30: SECRET_KEY = config\('KEY', default=''\)\)\.$/,
    /^Give SECRET_KEY a value/,
  ],
  [
    withData('ImproperlyConfigured: The ALLOWED_HOSTS setting must be a list or a tuple.', {
      setting: {
        name: 'ALLOWED_HOSTS',
        place: { file: '/nowhere/app/settings.py', line: 31, source: "ALLOWED_HOSTS = os.getenv('HOSTS')" },
      },
    }),
    /^The setting ALLOWED_HOSTS is not a list \(app\/settings\.py:31: ALLOWED_HOSTS = os\.getenv\('HOSTS'\)\)\.$/,
    /^Make it a list in the settings\./,
  ],
  [
    withData('sqlite3.OperationalError: unable to open database file', { databaseFile: '/nowhere/data/db.sqlite3' }),
    /^SQLite cannot open the database data\/db\.sqlite3: the folder data does not exist\.$/,
    /^Create the folder: `mkdir -p data`/,
  ],
])('%# a failure whose code is not the project’s says whose it is', async (error, message, hint) => {
  const advice = await startAdvice(error, PROJECT);
  if (message === undefined) expect(advice?.message).toBe(undefined);
  else expect(advice?.message).toMatch(message);
  expect(advice?.hint).toMatch(hint);
  expect(advice?.hint).not.toMatch(/Fix the code|INSTALLED_APPS/);
});

describe('in a checkout', () => {
  const inCheckout = async (files: Readonly<Record<string, string>>): Promise<Project> => {
    const root = await mkdtemp(path.join(tmpdir(), 'devsetup-start-'));
    cleanups.push(() => rm(root, { recursive: true }));
    await mkdir(path.join(root, 'site'));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await writeFile(path.join(root, name), text);
    }
    const directory = path.join(root, 'site');
    const requirements = { tool: 'pip', directory: root, files: [], inputs: [], reason: '' } as const;
    return { ...PROJECT, root, backend: { ...PROJECT.backend, directory, requirements } };
  };
  const cleanups: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const cleanup of cleanups) await cleanup();
  });

  test('a package that only a requirement file lists which is not installed is named with that file', async () => {
    const project = await inCheckout({
      'requirements.txt': '# all\ndjango-debug-toolbar==6.0\n',
      'requirements-production.txt': 'django\n',
    });
    const files = [path.join(project.root, 'requirements-production.txt')];
    const requirements = { tool: 'pip', directory: project.root, files, inputs: files, reason: '' } as const;
    const last = "ModuleNotFoundError: No module named 'debug_toolbar'";
    const of = (backend: Project['backend']) => startAdvice(failed(last), { ...project, backend });
    expect((await of({ ...project.backend, requirements }))?.hint).toBe(
      'requirements.txt:2 lists django-debug-toolbar, and only requirements-production.txt is installed. Install both: "backend": { "requirements": ["requirements-production.txt","requirements.txt"] } in the configuration.',
    );
    const all = [...files, path.join(project.root, 'requirements.txt')];
    expect(await of({ ...project.backend, requirements: { ...requirements, inputs: all } })).toBeUndefined();
  });

  test.each([
    [
      'meilisearch',
      /^`meilisearch` is a compose service.*`docker compose up -d meilisearch`, and let SEARCH_URL \(.*settings\.py:9\) name 127\.0\.0\.1:7701\.$/,
    ],
    ['redis', /publish its port \(ports: \["7700:7700"\]\), start it/],
    ['search', /^Start the service that belongs there, or correct SEARCH_URL/],
    ['10.1.2.3', /^Start the service that belongs there/],
    [
      'search.example.org',
      /^Check the network, the proxy and the VPN of this machine: `search\.example\.org` is a public host, named by SEARCH_URL \(site\/settings\.py:9\)\.$/,
    ],
    ['localhost', /^Start the service that belongs there/],
  ])('a service that is asked while Django starts is named with what holds its address: %s', async (host, hint) => {
    const project = await inCheckout({
      'docker-compose.yml':
        'services:\n  meilisearch:\n    image: meilisearch\n    ports: ["7701:7700"]\n  redis:\n    image: redis\n',
    });
    const place = { file: path.join(project.root, 'site/settings.py'), line: 9 };
    const unreached = { host, port: 7700, variables: ['SEARCH_URL'], setting: 'SEARCH_URL', place };
    const last = 'search.Unreachable: [Errno -2] Name or service not known';
    const advice = await startAdvice(withData(last, { unreached }), project);
    expect(advice?.message).toBe(
      `The project connects to ${host}:7700 while Django starts, and the name cannot be resolved.`,
    );
    expect(advice?.hint).toMatch(hint);
  });

  test.each([
    [
      ['REGION', 'POOL'],
      true,
      'The project connects only if REGION and POOL are set (site/settings.py:4): unset one of them to start without this connection.',
    ],
    [
      ['REGION'],
      true,
      'The project connects only if REGION is set (site/settings.py:4): unset it to start without this connection.',
    ],
    [
      ['STAGE'],
      false,
      'The project connects only if the condition at site/settings.py:4 holds, which depends on STAGE.',
    ],
  ] as const)(
    'the variables that make the settings connect to a public host are named: %j',
    async (variables, isTruth, hint) => {
      const project = await inCheckout({});
      const condition = { file: path.join(project.root, 'site/settings.py'), line: 4, variables, isTruth };
      const unreached = { host: 'keys.example.org', port: 443, variables: [], setting: null, place: null, condition };
      const last = 'urllib.error.URLError: <urlopen error [Errno -2] Name or service not known>';
      expect((await startAdvice(withData(last, { unreached }), project))?.hint).toBe(
        `Check the network, the proxy and the VPN of this machine: \`keys.example.org\` is a public host. ${hint}`,
      );
    },
  );

  test.each([
    [
      { 'pyproject.toml': '[project.optional-dependencies]\ndev = ["psycopg[binary]"]' },
      /`psycopg` is in the extra `dev` of pyproject\.toml: set "backend": \{ "extras": \["dev"\] \}/,
    ],
    [
      { 'pyproject.toml': '[dependency-groups]\npg = ["psycopg2-binary>=2.9"]' },
      /`psycopg2-binary` is in the group `pg`.*"groups": \["pg"\]/,
    ],
    [
      { 'requirements-pg.txt': 'psycopg2==2.9\n' },
      /^requirements-pg\.txt names `psycopg2`, and devsetup does not install that file/,
    ],
    [{}, /^Add `psycopg\[binary\]`/],
  ] as const)('the driver that Django misses is found where the project declares it: %j', async (files, hint) => {
    const last = 'ImproperlyConfigured: Error loading psycopg2 or psycopg module';
    const error = failed(last);
    const traceback = `${error.traceback}  File "/venv/site-packages/django/db/backends/postgresql/base.py", line 1, in <module>\n`;
    const advice = await startAdvice({ ...error, traceback, code: 'DJANGO_MISSING' }, await inCheckout(files));
    expect(advice?.message).toMatch(/^No PostgreSQL driver is installed/);
    expect(advice?.hint).toMatch(hint);
  });

  test('a package that is the repository itself is installed from the checkout', async () => {
    const project = await inCheckout({ 'pyproject.toml': '[build-system]\n', 'tenancy/__init__.py': '' });
    const advice = await startAdvice(failed("ModuleNotFoundError: No module named 'tenancy'"), project);
    expect(advice?.message).toMatch(/^`tenancy` is the folder tenancy of this repository/);
    expect(advice?.hint).toMatch(/-m pip install -e .*"requirements": \["pyproject\.toml"\]/);
  });

  test.each([
    [
      { '.devcontainer.json': '{\n  "containerEnv": { "DJANGO_SETTINGS_MODULE": "shop.settings.development" } }' },
      /^Add `DJANGO_SETTINGS_MODULE=shop\.settings\.development` to site\/\.env, as \.devcontainer\.json:2 \(containerEnv\) sets it\.$/,
    ],
    [
      { 'compose.yaml': 'services:\n  web:\n    environment:\n      - DJANGO_SETTINGS_MODULE=shop.settings.local\n' },
      /shop\.settings\.local.*compose\.yaml \(service web\) sets it/,
    ],
    [
      { 'site/shop/settings/base.py': '', 'site/shop/settings/dev.py': '' },
      /^Add `DJANGO_SETTINGS_MODULE=shop\.settings\.dev` to site\/\.env\. The checkout also has shop\.settings\.base\.$/,
    ],
    [{}, /^Add DJANGO_SETTINGS_MODULE with the name/],
  ] as const)('the settings module that nothing names is looked for: %j', async (files, hint) => {
    expect(await settingsModuleRemedy(await inCheckout(files))).toMatch(hint);
  });
});

test('nothing is said about a failure that is not known', async () => {
  expect(await startAdvice(failed('ValueError: no such colour'), PROJECT)).toBe(undefined);
});

test.each([
  ["'OPTIONS': {'sslmode': 'require'},", 'require', true],
  ['DATABASES["default"].setdefault("OPTIONS", {})["sslmode"] = "verify-full"', 'verify-full', true],
  ['OPTIONS.setdefault("sslmode", "require")', 'require', true],
  ['DATABASES = {"default": dj_database_url.config(ssl_require=True)}', 'require', true],
  ['DATABASES = {"default": dj_database_url.config(ssl_require=False)}', 'require', false],
  ["# 'OPTIONS': {'sslmode': 'require'},", 'require', false],
  ["'OPTIONS': {'sslmode': 'verify-ca'},", 'require', false],
])('the line of the settings that demands TLS is found: %s', async (line, mode, isFound) => {
  const root = await mkdtemp(path.join(tmpdir(), 'devsetup-tls-'));
  await mkdir(path.join(root, 'conf/settings'), { recursive: true });
  await writeFile(path.join(root, 'conf/settings/dev.py'), 'from .base import *\n');
  await writeFile(path.join(root, 'conf/settings/base.py'), `\n${line}\n`);
  // Not imported.
  await writeFile(path.join(root, 'conf/settings/a_production.py'), `"sslmode": "${mode}"\n`);
  const project = { ...PROJECT, root, backend: { ...PROJECT.backend, directory: root } };
  expect(await findTlsSetting(project, mode, 'conf.settings.dev')).toBe(
    isFound ? 'conf/settings/base.py:2' : undefined,
  );
  await rm(root, { recursive: true });
});

test.each([
  ["'HOST': 'db',", 'db', true],
  ['DATABASES["default"]["HOST"] = "db"', 'db', true],
  ["DATABASE_URL = 'postgres://me:x@db:5432/shop'", 'db', true],
  ["# 'HOST': 'db',", 'db', false],
  ["'HOST': os.environ.get('DB_HOST', 'db'),", 'db', false],
  ["'HOST': 'db2',", 'db', false],
])('the line of the settings that names the host itself is found: %s', async (line, host, isFound) => {
  const root = await mkdtemp(path.join(tmpdir(), 'devsetup-host-'));
  await mkdir(path.join(root, 'conf/settings'), { recursive: true });
  await writeFile(path.join(root, 'conf/settings/dev.py'), 'from .base import *\n');
  await writeFile(path.join(root, 'conf/settings/base.py'), `\n${line}\n`);
  const project = { ...PROJECT, root, backend: { ...PROJECT.backend, directory: root } };
  expect(await findLiteralHost(project, host, 'conf.settings.dev')).toBe(
    isFound ? 'conf/settings/base.py:2' : undefined,
  );
  await rm(root, { recursive: true });
});
