import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';

import { findDevContainer, listDevContainers } from '../../../src/devcontainer/dev-container.ts';
import { findReferenceCli } from '../../../src/devcontainer/reference-cli.ts';
import { readComposeProject } from '../../../src/project/compose/compose-project.ts';
import { readJsonc } from '../../../src/project/read-jsonc.ts';
import { planDatabase, type DatabaseKind, type PlannedDatabase } from '../../../src/scaffold/database/plan-database.ts';
import { planExisting } from '../../../src/scaffold/existing/plan-existing.ts';
import { lookAtSettings } from '../../../src/scaffold/look/look-at-settings.ts';
import { renderTemplate, withDefaults } from '../../../src/scaffold/template/substitute-options.ts';
import { readTemplate } from '../../../src/scaffold/template/read-template.ts';
import { fillTemplate } from '../../../src/scaffold/variables/template-variables.ts';
import { findMadeOptions } from '../../../src/scaffold/plan/find-made-options.ts';
import { findNeededVariables } from '../../../src/scaffold/variables/needed-variables.ts';
import { packageFile } from '../../../src/version.ts';
import { makeTree, type Tree } from '../project/make-tree.ts';

const MANAGE = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')\n";
const PYTHON = 'mcr.microsoft.com/devcontainers/python:3.12';
const DEV_CONTAINER = '.devcontainer/devcontainer.json';

const settingsWith = (database: string, ...lines: readonly string[]): string =>
  ['import os', ...lines, `DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", ${database}}}`, ''].join(
    '\n',
  );
const BY_VARIABLES = settingsWith('"HOST": os.environ.get("DB_HOST", "localhost"), "NAME": os.environ["DB_NAME"]');

interface Planned extends PlannedDatabase {
  readonly root: string;
  readonly properties: Record<string, unknown>;
}

/** As `init` plans it; the first dev container of the tree. */
const plan = async (tree: Tree, asked?: DatabaseKind): Promise<Planned> => {
  const root = await makeTree({ 'manage.py': MANAGE, 'config/settings.py': BY_VARIABLES, ...tree });
  const devContainer = await findDevContainer(root);
  if (devContainer === undefined) throw new Error('there is no devcontainer.json');
  const backend = { managePy: path.join(root, 'manage.py'), directory: root };
  const template = await readTemplate(packageFile('templates/django-postgres'));
  const existing = await planExisting({ root, devContainer, packageManager: 'npm' });
  const planned = await planDatabase({
    root,
    devContainer,
    files: existing.files,
    template,
    values: withDefaults(template, {}),
    settings: await lookAtSettings(backend, { root }),
    urlVariable: 'DATABASE_URL',
    needed: await findNeededVariables({ root, backend, envFiles: null }),
    random: () => 'random-value',
    asked,
    choose: (usual) => Promise.resolve(usual),
  });
  for (const { path: name, after } of planned.files) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), after);
  }
  return { ...planned, root, properties: readJsonc(planned.files[0]?.after ?? '').value as Record<string, unknown> };
};

const startingWith = (text: string): string =>
  expect.stringMatching(new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`)) as string;

const json = (properties: object): string => `${JSON.stringify(properties, null, 2)}\n`;

/** What the Dev Container CLI makes of the file. */
const resolve = async (root: string): Promise<string> => {
  const cli = findReferenceCli();
  const [file] = await listDevContainers(root);
  const args = ['read-configuration', `--workspace-folder=${root}`, `--config=${file ?? ''}`];
  const docker = ['--docker-path=true', '--docker-compose-path=true'];
  const { stdout, stderr, status } = spawnSync(cli?.program ?? '', [...(cli?.args ?? []), ...args, ...docker]);
  expect(status, String(stderr)).toBe(0);
  return String(stdout);
};

describe('a dev container without a database', () => {
  it('with the Feature devsetup gets a service of compose, and why is said', async () => {
    const features = { 'ghcr.io/acme/features/devsetup:1': {} };
    const { notes, properties } = await plan({ [DEV_CONTAINER]: json({ image: PYTHON, features }) });
    expect(properties['service']).toBe('app');
    expect(notes).toEqual([
      'The database is a service of compose, since the PostgreSQL that devsetup runs cannot be it: the Feature devsetup brings its own hooks, which use the database of the settings.',
    ]);
  });

  it('that has got one keeps it, and another one that is asked for is said to have no effect', async () => {
    const first = await plan({ [DEV_CONTAINER]: json({ image: PYTHON }) });
    expect(first.warnings).toEqual([]);
    const text = first.files[0]?.after ?? '';
    const again = await plan({ [DEV_CONTAINER]: text }, 'compose');
    expect(again.files[0]?.after).toBe(text);
    expect(again.warnings).toEqual([
      `--database compose has no effect: the database of ${DEV_CONTAINER} is the PostgreSQL that devsetup runs already, and init keeps it.`,
    ]);
  });

  it('of an image alone uses the server that devsetup runs, on a volume that its user may write to', async () => {
    const { properties, problems, proof, root } = await plan({ [DEV_CONTAINER]: json({ image: PYTHON }) });
    expect(properties).toMatchObject({
      image: PYTHON,
      mounts: ['source=devsetup-${devcontainerId},target=/var/lib/devsetup,type=volume'],
      containerEnv: { DEVSETUP_STATE_DIR: '/var/lib/devsetup' },
      onCreateCommand: 'test -w /var/lib/devsetup || sudo chown "$(id -u):$(id -g)" /var/lib/devsetup',
      postCreateCommand: startingWith('npx --no-install devsetup --db embedded || {'),
      postStartCommand: startingWith('npx --no-install devsetup --if-needed --db embedded || {'),
    });
    expect(problems).toEqual([]);
    expect(proof).toBe('DB_HOST (config/settings.py:2) names the server that devsetup runs');
    expect(JSON.parse(await resolve(root))).toMatchObject({
      configuration: { containerEnv: properties['containerEnv'], appPort: ['127.0.0.1::8000'] },
    });
  });

  it.each([
    [{ forwardPorts: [5432, 'db:80', 8080] }, ['127.0.0.1:${localEnv:DEVSETUP_SITE_PORT}:8080']],
    [{ appPort: 3000 }, 3000],
    [{ runArgs: ['-p=8000:8000'] }, undefined],
    [{ runArgs: ['-p8000:8000'] }, undefined],
    [{ runArgs: ['--network', 'host'] }, undefined],
    [{ runArgs: ['--init'] }, ['127.0.0.1:${localEnv:DEVSETUP_SITE_PORT}:8000']],
  ])('publishes the port of the site unless its file decides that: %j', async (more, appPort) => {
    const { properties } = await plan({ [DEV_CONTAINER]: json({ image: PYTHON, ...more }) });
    expect(properties['appPort']).toEqual(appPort);
  });

  it('gets a service of compose where that is wanted, and keeps what else its file says', async () => {
    const { properties, problems, proof, root, files } = await plan(
      {
        [DEV_CONTAINER]: `{\n  // ours\n  "image": "${PYTHON}",\n  "remoteUser": "vscode" // not root\n}\n`,
      },
      'compose',
    );
    expect(files[0]?.after).toContain('// ours');
    expect(files[0]?.after).toContain('"remoteUser": "vscode"');
    expect(properties).toMatchObject({ dockerComposeFile: 'docker-compose.yml', service: 'app' });
    expect(properties).not.toHaveProperty('image');
    const compose = parse(files.find(({ path: name }) => name === '.devcontainer/docker-compose.yml')?.after ?? '');
    expect(compose.services.app).toMatchObject({
      image: PYTHON,
      environment: { DB_HOST: 'db', DB_NAME: 'app' },
      ports: [expect.stringMatching(/^127\.0\.0\.1:.*:8000$/)],
      volumes: ['../..:/workspaces:cached'],
      depends_on: { db: { condition: 'service_healthy' } },
    });
    expect(compose.services.db).toMatchObject({ environment: { POSTGRES_PASSWORD: 'postgres' } });
    expect(problems).toEqual([]);
    expect(proof).toBe('DB_HOST (the service app) leads to the service db');
    expect(await resolve(root)).toContain('"service":"app"');
  });

  it('built from a Dockerfile keeps context, arguments and stage as a service of compose', async () => {
    const build = { dockerfile: 'Dockerfile', context: '..', args: { PRICE: '5$' }, target: 'dev' };
    const tree = { [DEV_CONTAINER]: json({ build }), '.devcontainer/Dockerfile': 'FROM python:3.12 AS dev\n' };
    const { root } = await plan(tree, 'compose');
    const file = path.join(root, '.devcontainer/docker-compose.yml');
    const { services } = await readComposeProject({ root, files: [file] });
    expect(services.find(({ name }) => name === 'app')?.build).toEqual({
      dockerfile: path.join(root, '.devcontainer/Dockerfile'),
      target: 'dev',
      args: { PRICE: '5$' },
    });
    await resolve(root);
  });

  it('in a folder of its own, and at the root, mounts the checkout where its file says', async () => {
    const below = await plan({ '.devcontainer/api/devcontainer.json': json({ image: PYTHON }) }, 'compose');
    const compose = below.files.find(({ path: name }) => name === '.devcontainer/api/docker-compose.yml');
    expect(parse(compose?.after ?? '').services.app.volumes).toEqual(['../../..:/workspaces:cached']);
    await resolve(below.root);
    const top = await plan({ '.devcontainer.json': json({ image: PYTHON }) }, 'compose');
    expect(top.properties['dockerComposeFile']).toBe('.devcontainer/docker-compose.yml');
    await resolve(top.root);
  });

  it('made from compose gets a service in a file of its own, in the network of its container', async () => {
    const { properties, files, proof, root } = await plan({
      'compose.yml':
        'services:\n  web:\n    image: python:3.12\n    networks: [inner]\n    depends_on: [cache]\n  cache:\n    image: redis\nnetworks:\n  inner:\n',
      [DEV_CONTAINER]: json({ dockerComposeFile: '../compose.yml', service: 'web', workspaceFolder: '/app' }),
    });
    expect(properties['dockerComposeFile']).toEqual(['../compose.yml', 'docker-compose.database.yml']);
    const added = parse(files.at(-1)?.after ?? '');
    expect(added.services.db.networks).toEqual(['inner']);
    expect(proof).toBe('DB_HOST (the service web) leads to the service db');
    const merged = (await findDevContainer(root))?.compose?.services.find(({ name }) => name === 'web');
    expect(merged?.dependsOn).toEqual({ cache: 'service_started', db: 'service_healthy' });
    await resolve(root);
  });

  it('follows a host that the settings write themselves', async () => {
    const tree = (host: string): Tree => ({
      'config/settings.py': settingsWith(`"HOST": "${host}", "USER": "shop", "PASSWORD": "s$p", "NAME": "shop"`),
      [DEV_CONTAINER]: json({ image: PYTHON }),
    });
    const named = await plan(tree('postgres'));
    const { services } = parse(named.files.at(-1)?.after ?? '');
    expect(services.postgres.environment).toMatchObject({
      POSTGRES_USER: 'shop',
      POSTGRES_PASSWORD: 's$$p',
      POSTGRES_DB: 'shop',
    });
    expect(named.proof).toBe('HOST (config/settings.py:2) leads to the service postgres');
    const local = await plan(tree('localhost'));
    expect(parse(local.files.at(-1)?.after ?? '').services.app.network_mode).toBe('service:db');
    expect(local.proof).toBe('HOST (config/settings.py:2) leads to the service db');
    await expect(plan(tree('localhost'), 'embedded')).rejects.toThrow(
      `${DEV_CONTAINER} cannot get its database by --database embedded: config/settings.py:2 sets the host \`localhost\` of the database itself.`,
    );
  });

  it('is not missed in a container whose env_file names a service, though the settings could do with SQLite', async () => {
    const { problems, proof } = await plan({
      'config/settings.py':
        "import dj_database_url\nDATABASES = {'default': dj_database_url.config(default='sqlite:///db.db')}\n",
      [DEV_CONTAINER]: json({ dockerComposeFile: 'compose.yml', service: 'app' }),
      '.devcontainer/compose.yml': `services:\n  app:\n    image: ${PYTHON}\n    env_file: [own.env]\n  db:\n    image: postgres:16\n`,
      '.devcontainer/own.env': 'DATABASE_URL=postgres://postgres:postgres@db:5432/app\n',
    });
    expect({ problems, proof }).toEqual({
      problems: [],
      proof: 'DATABASE_URL (.devcontainer/own.env) leads to the service db',
    });
  });

  it('says what would not open where neither is possible', async () => {
    const { problems, files } = await plan({
      'config/settings.py': settingsWith('"HOST": "postgres"'),
      [DEV_CONTAINER]: json({ image: PYTHON, runArgs: ['--shm-size=1g'] }),
    });
    expect(problems).toEqual([
      'Nothing in the dev container is a database, and the settings use PostgreSQL at `postgres` (config/settings.py:2).',
    ]);
    expect(files).toHaveLength(1);
    await expect(
      plan({ [DEV_CONTAINER]: json({ image: PYTHON, runArgs: ['--shm-size=1g'] }) }, 'compose'),
    ).rejects.toThrow('runArgs has no place in a service of compose');
  });

  it.each<[string, Tree]>([
    ['SQLite', { 'config/settings.py': 'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}\n' }],
    [
      'a feature',
      { [DEV_CONTAINER]: json({ image: PYTHON, features: { 'ghcr.io/itsmechlark/features/postgresql:1': {} } }) },
    ],
    [
      'compose in the container',
      { [DEV_CONTAINER]: json({ image: PYTHON, postStartCommand: 'docker compose up -d db' }) },
    ],
    ['a secret', { [DEV_CONTAINER]: json({ image: PYTHON, secrets: { DB_HOST: {}, DB_NAME: {} } }) }],
    [
      'another machine',
      { [DEV_CONTAINER]: json({ image: PYTHON, containerEnv: { DB_HOST: 'db.example.com', DB_NAME: 'x' } }) },
    ],
  ])('gets none where it has one otherwise: %s', async (_, tree) => {
    const { files, properties } = await plan({ [DEV_CONTAINER]: json({ image: PYTHON }), ...tree });
    expect(files).toHaveLength(1);
    expect(JSON.stringify(properties)).not.toContain('embedded');
  });

  it('has nothing to do the second time', async () => {
    for (const kind of ['embedded', 'compose'] as const) {
      const { root, files } = await plan({ [DEV_CONTAINER]: json({ image: PYTHON }) }, kind);
      const tree = Object.fromEntries(files.map(({ path: name, after }) => [name, after]));
      expect(
        (await plan(tree)).files.map(({ action }) => action),
        root,
      ).toSatisfy((actions: string[]) => actions.every((action) => action === 'keep'));
    }
  });
});

describe('variables that the settings cannot do without', () => {
  const NEEDING = settingsWith(
    '"HOST": os.environ.get("DB_HOST", "localhost")',
    'SECRET_KEY = os.environ["SHOP_KEY"]',
    'API = os.environ["PAY_API_KEY"]',
  );

  it('are taken from the sample env file where no env file is, without the address of another database', async () => {
    const { properties, problems } = await plan({
      'config/settings.py': NEEDING,
      '.env.example': 'SHOP_KEY=change-me\nDB_HOST=localhost\nPAY_API_KEY=test\n',
      [DEV_CONTAINER]: json({ image: PYTHON, remoteUser: 'root', onCreateCommand: 'git lfs pull' }),
    });
    expect(properties['onCreateCommand']).toBe(
      "(test -e .env || grep -vE '^(export )?(DB_HOST)=' .env.example > .env) && git lfs pull",
    );
    expect(problems).toEqual([]);
  });

  it('are made or declared where no sample has them, and what nothing gives is said', async () => {
    const { properties, problems, notes } = await plan({
      'config/settings.py': NEEDING,
      [DEV_CONTAINER]: json({ image: PYTHON }),
    });
    expect(properties['containerEnv']).toMatchObject({ SHOP_KEY: 'random-value' });
    expect(properties['secrets']).toHaveProperty('PAY_API_KEY');
    expect(problems).toEqual([
      expect.stringMatching(/^The settings cannot be loaded without PAY_API_KEY, and nothing gives it/),
    ]);
    expect(notes).toEqual([]);
  });

  it('that the container has already are left alone', async () => {
    const containerEnv = { SHOP_KEY: 'x', PAY_API_KEY: 'y' };
    const { properties } = await plan({
      'config/settings.py': NEEDING,
      '.env.example': 'SHOP_KEY=a\nPAY_API_KEY=b\n',
      [DEV_CONTAINER]: json({ image: PYTHON, containerEnv, postCreateCommand: 'true' }),
    });
    expect(properties['onCreateCommand']).not.toContain('.env');
  });

  it('leave the files of the template such that other options still change them', async () => {
    const root = await makeTree({ 'manage.py': MANAGE, 'config/settings.py': NEEDING });
    const template = await readTemplate(packageFile('templates/django-postgres'));
    const values = withDefaults(template, { pythonVersion: '3.11' });
    const files = renderTemplate(template, values).map(({ path: name, text }) => ({
      path: name,
      action: 'create' as const,
      before: null,
      after: text,
      reason: null,
    }));
    const backend = { managePy: path.join(root, 'manage.py'), directory: root };
    const needed = await findNeededVariables({ root, backend, envFiles: null });
    const filled = fillTemplate(files, needed, () => 'random-value');
    const texts = Object.fromEntries(filled.files.map(({ path: name, after }) => [name, after]));
    expect(texts['.devcontainer/database.env']).toContain('\nSHOP_KEY=random-value\n');
    expect(readJsonc(texts[DEV_CONTAINER] ?? '').value).toHaveProperty('secrets.PAY_API_KEY');
    expect(findMadeOptions(template, texts)).toMatchObject({ pythonVersion: '3.11' });
  });
});
