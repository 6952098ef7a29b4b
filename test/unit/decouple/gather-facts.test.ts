import { describe, expect, it } from 'vitest';

import type { DecoupleFacts } from '../../../src/decouple/decoupling.ts';
import { gatherFacts } from '../../../src/decouple/gather-facts.ts';
import { openCheckout } from '../../../src/project/open-checkout.ts';
import { makeTree } from '../project/make-tree.ts';
import type { Files } from './support/convert.ts';

const MANAGE =
  "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\nfrom django.core.management import execute_from_command_line\n";

const factsOf = async (settings: string, files: Files = {}): Promise<DecoupleFacts> => {
  const root = await makeTree({
    'manage.py': MANAGE,
    'shop/__init__.py': '',
    'shop/settings.py': `import os\n${settings}\n`,
    'requirements.txt': 'django\n',
    ...files,
  });
  const options = { root, cwd: root, configFile: undefined, with: 'devsetup', secret: null } as const;
  return (await gatherFacts({ ...options, checkout: openCheckout(root) })).facts;
};

const database = (engine: string, prefix: string): string =>
  [
    'DATABASES = {',
    "    'default': {",
    `        'ENGINE': '${engine}',`,
    ...['NAME', 'USER', 'PASSWORD', 'HOST'].map((key) => `        '${key}': os.environ['${prefix}_${key}'],`),
    '    }',
    '}',
  ].join('\n');

describe('the engine of the database', () => {
  it.each<readonly [string, string, boolean, string]>([
    ['MySQL', database('django.db.backends.mysql', 'DB'), true, 'django.db.backends.postgresql'],
    ['Oracle', database('django.db.backends.oracle', 'DB'), true, 'django.db.backends.postgresql'],
    ['SQL Server', database('mssql', 'DB'), true, 'django.db.backends.postgresql'],
    [
      'SQLite alone',
      "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}",
      true,
      'django.db.backends.postgresql',
    ],
    ['PostgreSQL', database('django.db.backends.postgresql', 'DB'), false, 'django.db.backends.postgresql'],
    [
      'PostgreSQL with tenants',
      database('django_tenants.postgresql_backend', 'DB'),
      false,
      'django_tenants.postgresql_backend',
    ],
    [
      'PostgreSQL, and SQLite where nothing says otherwise',
      "import dj_database_url\nDATABASES = {'default': dj_database_url.config(default='sqlite:///db.sqlite3')}",
      false,
      'django.db.backends.postgresql',
    ],
    [
      'a comment about MySQL',
      `# Was django.db.backends.mysql before.\n${database('django.db.backends.postgresql', 'DB')}`,
      false,
      'django.db.backends.postgresql',
    ],
    ['nothing that is written', 'from .local import DATABASES', false, 'django.db.backends.postgresql'],
  ])('is read from the settings: %s', async (_, settings, isOtherEngine, engine) => {
    expect(await factsOf(settings)).toMatchObject({ isOtherEngine, engine });
  });

  it('decides whether MYSQL_HOST and the like are the variables of the database', async () => {
    const ofMysql = await factsOf(database('django.db.backends.mysql', 'MYSQL'));
    expect(ofMysql.variables.database?.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'MYSQL_NAME name',
      'MYSQL_USER user',
      'MYSQL_PASSWORD password',
      'MYSQL_HOST host',
    ]);
    const both = `${database('django.db.backends.postgresql', 'DB')}\nLEGACY = os.environ.get('MYSQL_HOST')`;
    const names = (await factsOf(both)).variables.database?.map(({ name }) => name);
    expect(names).toEqual(['DB_NAME', 'DB_USER', 'DB_PASSWORD', 'DB_HOST']);
  });
});

describe('the package manager of the migrate job', () => {
  const POSTGRES = database('django.db.backends.postgresql', 'DB');
  const WITH_ROOT: Files = { 'package.json': '{ "name": "shop" }' };
  it.each<readonly [string, Files, string, string]>([
    ['npm by its lock file', { ...WITH_ROOT, 'package-lock.json': '{}' }, 'npm', 'package-lock.json'],
    ['npm by a shrinkwrap', { ...WITH_ROOT, 'npm-shrinkwrap.json': '{}' }, 'npm', 'npm-shrinkwrap.json'],
    ['pnpm by its lock file', { ...WITH_ROOT, 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" }, 'pnpm', 'pnpm-lock.yaml'],
    ['yarn by its lock file', { ...WITH_ROOT, 'yarn.lock': '# yarn lockfile v1\n' }, 'yarn', 'yarn.lock'],
    ['bun by its lock file', { ...WITH_ROOT, 'bun.lock': '{}' }, 'bun', 'bun.lock'],
    ['bun by its binary lock file', { ...WITH_ROOT, 'bun.lockb': '' }, 'bun', 'bun.lockb'],
    ['what package.json names', { 'package.json': '{ "packageManager": "pnpm@9.1.0" }' }, 'pnpm', 'pnpm-lock.yaml'],
    ['npm where nothing says otherwise', WITH_ROOT, 'npm', 'package-lock.json'],
    [
      'npm where package.json is new, whatever a frontend has',
      {
        'web/package.json': '{ "scripts": { "build": "vite build" }, "dependencies": { "vite": "6" } }',
        'web/yarn.lock': '# yarn lockfile v1\n',
      },
      'npm',
      'package-lock.json',
    ],
    [
      'what the configuration says of a frontend where package.json is new',
      {
        'web/package.json': '{ "name": "web" }',
        'devsetup.config.json': '{ "frontends": [{ "directory": "web", "packageManager": "pnpm" }] }',
      },
      'pnpm',
      'pnpm-lock.yaml',
    ],
  ])('is %s', async (_, files, tool, lockFile) => {
    expect((await factsOf(POSTGRES, files)).node).toMatchObject({ tool, lockFile });
  });

  it('has the version that package.json or the lock file says', async () => {
    const named = await factsOf(POSTGRES, { 'package.json': '{ "packageManager": "pnpm@9.1.0" }' });
    expect(named.node.toolVersion).toBe('9');
    const written = await factsOf(POSTGRES, { 'package.json': '{}', 'yarn.lock': '__metadata:\n  version: 8\n' });
    expect(written.node).toMatchObject({ tool: 'yarn', toolVersion: '4' });
  });
});

describe('a checkout without manage.py', () => {
  const gather = async (files: Files): Promise<DecoupleFacts> => {
    const root = await makeTree({ 'requirements.txt': 'alembic\n', ...files });
    const options = { root, cwd: root, configFile: undefined, with: 'devsetup', secret: null } as const;
    return (await gatherFacts({ ...options, checkout: openCheckout(root) })).facts;
  };

  it('has facts, too, and none of them is a database', async () => {
    expect(await gather({})).toMatchObject({ hasDjango: false, backendFolder: '.', variables: { database: null } });
  });

  it('is refused where its configuration names one that does not exist', async () => {
    const config = '{ "backend": { "managePy": "api/manage.py" } }';
    await expect(gather({ 'devsetup.config.jsonc': config })).rejects.toMatchObject({ code: 'MANAGE_PY_MISSING' });
  });
});
