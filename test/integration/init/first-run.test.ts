import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { REPOSITORY } from '../../e2e/support/installed-package.ts';
import { runDevsetup } from '../../support/run-devsetup.ts';
import { violations } from '../../unit/ui/support/json-schema.ts';
import { checkoutOf, MANAGE_PY, sampleCheckout, type Checkout } from './support/checkout.ts';

const schema = JSON.parse(await readFile(path.join(REPOSITORY, 'schemas/init-report.schema.json'), 'utf8'));

describe('devsetup init', () => {
  let checkout: Checkout;
  afterEach(() => checkout.remove());

  it('gives a checkout without a package.json everything it needs, and has nothing to do the second time', async () => {
    checkout = await sampleCheckout();
    const first = await checkout.init();
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.stdout).toContain('created  .devcontainer/devcontainer.json');
    expect(first.stdout).toMatch(
      /Next:\n {2}npm install.*\n {2}git add .devcontainer package.json package-lock.json\n {2}npx devsetup up\n$/,
    );
    expect(JSON.parse(await checkout.read('package.json'))).toEqual({
      private: true,
      devDependencies: { 'django-devsetup': expect.stringMatching(/^\^\d/) },
    });
    expect(await checkout.read('.devcontainer/devcontainer.json')).toContain('${containerWorkspaceFolder}/backend/');
    for (const name of ['Dockerfile', 'docker-compose.yml', 'database.env', 'devcontainer.json']) {
      expect(await checkout.read(`.devcontainer/${name}`)).not.toContain('templateOption');
    }
    expect(await checkout.exists('devsetup.config.jsonc')).toBe(false);

    const second = await checkout.report();
    expect(second.report).toMatchObject({ outcome: 'unchanged', exitCode: 0, install: null, next: [] });
    expect(second.report.files.every(({ action, written }) => action === 'keep' && !written)).toBe(true);
  });

  it('writes the names that the settings read, and no others', async () => {
    checkout = await sampleCheckout();
    await checkout.init('--database-name', 'lending', '--database-service', 'postgres');
    const names = (await checkout.read('.devcontainer/database.env')).split('\n').filter((line) => /^\w/.test(line));
    expect(names).toEqual(
      expect.arrayContaining([
        'DATABASE_URL=postgresql://postgres:postgres@postgres:5432/lending',
        'DB_HOST=postgres',
        'DB_NAME=lending',
        'DB_PASSWORD=postgres',
        'PGHOST=postgres',
      ]),
    );
    expect(names.filter((line) => line.startsWith('POSTGRES_') || line.startsWith('DATABASE_H'))).toEqual([]);
  });

  it('writes all usual names where the settings cannot be read', async () => {
    checkout = await checkoutOf({ 'manage.py': 'import django\n' });
    await checkout.init();
    const text = await checkout.read('.devcontainer/database.env');
    for (const name of ['DATABASE_URL', 'DB_HOST', 'POSTGRES_HOST', 'DATABASE_HOST', 'PGHOST'])
      expect(text).toContain(`${name}=`);
  });

  it('names env files in the configuration that only compose gives to the settings', async () => {
    checkout = await checkoutOf({
      'manage.py': MANAGE_PY,
      'config/settings.py':
        "import os\nSECRET_KEY = os.environ['DJANGO_SECRET_KEY']\nREDIS = os.environ['REDIS_URL']\nDB = os.environ.get('POSTGRES_DB', 'x')\n",
      'compose.yaml':
        'services:\n  django:\n    build: .\n    env_file: [./.envs/.local/.django, ./.envs/.local/.postgres]\n',
      '.envs/.local/.django': 'DJANGO_SECRET_KEY=x\nREDIS_URL=redis://redis:6379/0\n',
      '.envs/.local/.postgres': 'POSTGRES_DB=shop\n',
      '.envs/.production/.django': 'DJANGO_SECRET_KEY=y\n',
    });
    await checkout.init();
    expect(JSON.parse(await checkout.read('devsetup.config.jsonc'))).toEqual({ envFiles: ['.envs/.local/.django'] });
    expect((await checkout.report()).report.outcome).toBe('unchanged');
  });

  it('follows what the checkout says, and tells where it found it', async () => {
    checkout = await checkoutOf({
      'backend/manage.py': MANAGE_PY,
      'backend/config/settings.py':
        "import os\nDATABASES = {'default': {'ENGINE': 'django_tenants.postgresql_backend', 'HOST': os.environ['SQL_HOST'], 'PASSWORD': os.environ.get('DB_PASS'), 'NAME': os.getenv('POSTGRES_DB_NAME')}}\nREDIS = os.environ['REDIS_HOST']\n",
      'backend/.python-version': '3.11.4\n',
      'web/package.json': '{ "engines": { "node": ">=24" }, "dependencies": { "vue": "3" } }\n',
      'web/pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
      'docker-compose.yml':
        'services:\n  postgres:\n    image: postgres:16.3-alpine\n    environment:\n      POSTGRES_DB: shop\n',
      '.gitignore': 'node_modules\n',
    });
    const { report } = await checkout.report();
    const options = Object.fromEntries(report.options.map(({ option, value, source }) => [option, [value, source]]));
    expect(options).toMatchObject({
      pythonVersion: ['3.11', 'backend/.python-version'],
      nodeVersion: ['24', 'web/package.json (engines)'],
      postgresVersion: ['16.3', 'docker-compose.yml (postgres)'],
      databaseService: ['postgres', 'docker-compose.yml (postgres)'],
      databaseName: ['shop', 'docker-compose.yml (postgres)'],
      backendFolder: ['backend', 'manage.py'],
      frontendFolder: ['web', 'package.json'],
      packageManager: ['pnpm', 'web'],
    });
    expect(await checkout.read('.devcontainer/database.env')).toMatch(
      /^#.*\nSQL_HOST=postgres\nDB_PASS=postgres\nPOSTGRES_DB_NAME=shop\n# For psql/,
    );
    expect(report.files.find(({ path: name }) => name === '.gitignore')?.action).toBe('keep');
    expect(violations(schema, report)).toEqual([]);
  });

  it('takes the version of the database from a pipeline where nothing else says it', async () => {
    checkout = await checkoutOf({
      'manage.py': MANAGE_PY,
      '.github/workflows/test.yml':
        'jobs:\n  test:\n    services:\n      database:\n        image: postgres:15.6\n    steps: []\n',
    });
    const { report } = await checkout.report();
    expect(report.options).toContainEqual({
      option: 'postgresVersion',
      value: '15.6',
      by: 'found',
      source: '.github/workflows/test.yml',
    });
    expect(await checkout.read('.devcontainer/docker-compose.yml')).toContain('image: postgres:15.6-bookworm');
  });

  it('says that a database which is more than PostgreSQL needs its own image', async () => {
    checkout = await checkoutOf({
      'manage.py': MANAGE_PY,
      'compose.yaml': 'services:\n  db:\n    image: postgis/postgis:16-3.4\n',
    });
    const { stdout } = await checkout.init();
    expect(stdout).toContain('Note: compose.yaml (db) runs postgis/postgis:16-3.4');
  });

  it('writes nothing in a dry run, and says the same', async () => {
    checkout = await sampleCheckout();
    const run = await checkout.report('--dry-run');
    expect(run.report).toMatchObject({ outcome: 'would-change', exitCode: 0 });
    expect(run.report.files.some(({ written }) => written)).toBe(false);
    expect(await checkout.exists('.devcontainer')).toBe(false);
    expect(violations(schema, run.report)).toEqual([]);
    const { report } = await checkout.report();
    const actions = (files: typeof report.files): readonly string[] =>
      files.map(({ path, action }) => `${action} ${path}`);
    expect(actions(report.files)).toEqual(actions(run.report.files));
  });

  it('sets up every dev container of several, and says which secrets are left for the user', async () => {
    const container = JSON.stringify({ image: 'mcr.microsoft.com/devcontainers/python:3.12' });
    const [api, web] = ['.devcontainer/api/devcontainer.json', '.devcontainer/web/devcontainer.json'];
    checkout = await checkoutOf({
      'manage.py': MANAGE_PY,
      'config/settings.py': "import os\nSECRET_KEY = 'x'\nPAY = os.environ['PAY_API_KEY']\n",
      [api]: container,
      [web]: container,
    });
    const impossible = await checkout.report('--database', 'compose', '--dev-container', 'nowhere');
    expect(impossible.exitCode).toBe(2);
    const plan = await runDevsetup(['init', '--no-install'], { cwd: checkout.root });
    expect(plan.exitCode).toBe(2);
    for (const name of [api, web]) expect(plan.stderr).toContain(`update    ${name}`);
    expect(await checkout.read(api)).toBe(container);

    const { report } = await checkout.report();
    expect(violations(schema, report)).toEqual([]);
    // PAY_API_KEY is not set anywhere.
    expect(report).toMatchObject({ outcome: 'done', exitCode: 1, problems: [expect.stringContaining('PAY_API_KEY')] });
    expect(report.files.map(({ path: name, written }) => [name, written])).toEqual([
      [api, true],
      ['package.json', true],
      ['.gitignore', true],
      [web, true],
    ]);
    for (const name of [api, web])
      expect(await checkout.read(name)).toContain('npx --no-install devsetup --db embedded');

    const again = await checkout.init();
    expect(again.stdout).toMatch(/^Nothing to write: the dev containers are set up\. What is left is for you to do:/);
    expect(again.stdout.replaceAll(/\s+/g, ' ')).toContain('Set PAY_API_KEY: in .env for a container on this machine');
    expect(again.exitCode).toBe(0);
  });
});
