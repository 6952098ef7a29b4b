import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';

import { findDevContainer } from '../../../../src/devcontainer/dev-container.ts';
import { readJsonc } from '../../../../src/project/read-jsonc.ts';
import type { PlannedFile } from '../../../../src/scaffold/planned-file.ts';
import { lacksNode, type NodeFacts } from '../../../../src/scaffold/existing/needs-node.ts';
import { containerErrors } from '../../../../src/scaffold/existing/container-errors.ts';
import { findStaying, planExisting } from '../../../../src/scaffold/existing/plan-existing.ts';
import { linesAsSteps } from '../../../../src/scaffold/plan/offer-steps.ts';
import { readCheckoutCode } from '../../../../src/scaffold/setup-script/endings/checkout-code.ts';
import { findSetupScripts } from '../../../../src/scaffold/setup-script/find-setup-scripts.ts';
import { judgeScript } from '../../../../src/scaffold/setup-script/judge-script.ts';
import { takeOverScripts } from '../../../../src/scaffold/take-over-scripts.ts';
import { makeTree, type Tree } from '../../project/make-tree.ts';

const BARE = 'npx --no-install devsetup';
const EXPLANATION =
  " || { [ -e node_modules/.bin/devsetup ] || echo 'devsetup is not in node_modules. Run: npm install' >&2; false; }";
const CALL = `${BARE}${EXPLANATION}`;
const HEALING = `${BARE} --if-needed${EXPLANATION}`;
const PREPARING = `npm install && ${BARE} --only backend-dependencies,frontend-dependencies`;

const planIn = async (root: string): Promise<readonly PlannedFile[]> => {
  const devContainer = await findDevContainer(root);
  if (devContainer === undefined) throw new Error('there is no devcontainer.json');
  return (await planExisting({ root, devContainer, packageManager: 'npm' })).files;
};

/** Plans, writes what is planned, and sees to it that a second look finds nothing to do. */
const planTwice = async (tree: Tree): Promise<readonly PlannedFile[]> => {
  const root = await makeTree(tree);
  const planned = await planIn(root);
  for (const { path: name, after } of planned) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), after);
  }
  expect((await planIn(root)).map(({ path: name, action }) => [name, action])).toEqual(
    planned.map(({ path: name }) => [name, 'keep']),
  );
  return planned;
};

const withHooks = async (
  hooks: object,
  tree: Tree = {},
): Promise<{ hooks: Record<string, unknown>; reason: string | null }> => {
  const text = JSON.stringify({ name: 'x', image: 'example.org/own:1', ...hooks }, null, 2);
  const [planned] = await planTwice({ '.devcontainer/devcontainer.json': `${text}\n`, ...tree });
  const { name: _name, image: _image, ...rest } = readJsonc(planned?.after ?? '').value as Record<string, unknown>;
  return { hooks: rest, reason: planned?.reason ?? null };
};

it('one without commands gets the three, in their order', async () => {
  const { hooks, reason } = await withHooks({});
  expect(hooks).toEqual({ updateContentCommand: PREPARING, postCreateCommand: CALL, postStartCommand: HEALING });
  expect(Object.keys(hooks)).toEqual(['updateContentCommand', 'postCreateCommand', 'postStartCommand']);
  expect(reason).toBe(
    'updateContentCommand runs devsetup; postCreateCommand runs devsetup; postStartCommand runs devsetup',
  );
});

it.each<[string, unknown, unknown]>([
  ['what it does not know is kept, and goes first', 'pre-commit install', `pre-commit install && ${CALL}`],
  ['migrations alone are left to it', 'python manage.py migrate --noinput', CALL],
  ['so are installations', 'cd backend && pip install -r requirements.txt && python manage.py migrate', CALL],
  [
    'what it does is not done twice',
    'pre-commit install && pip install -r requirements.txt && python manage.py migrate && git lfs pull',
    `pre-commit install && ${BARE} && git lfs pull`,
  ],
  [
    'a program behind it may be one that pip brings: half of it stays whole',
    'pip install -r requirements.txt && pre-commit install',
    `pip install -r requirements.txt && pre-commit install && ${CALL}`,
  ],
  [
    'with words in quotes, too',
    "python -m venv .venv && .venv/bin/pip install -r requirements.txt && echo 'source .venv/bin/activate' >> ~/.bashrc",
    `${BARE} && echo 'source .venv/bin/activate' >> ~/.bashrc`,
  ],
  [
    'nor in one of several entries',
    { db: 'uv sync && uv run manage.py migrate && uv run pre-commit install', docs: 'mkdocs build' },
    { db: `${BARE} && uv run pre-commit install`, docs: 'mkdocs build' },
  ],
  [
    'what stands between its own parts may belong there: all of it stays',
    'pip install -r requirements.txt && pre-commit install && python manage.py migrate',
    `pip install -r requirements.txt && pre-commit install && python manage.py migrate && ${CALL}`,
  ],
  [
    'so does all of it behind a folder that is entered',
    'cd backend && pip install -r requirements.txt && pre-commit install',
    `(cd backend && pip install -r requirements.txt && pre-commit install) && ${CALL}`,
  ],
  [
    'an env file is copied from its sample where none is',
    'cd backend && cp .env.example .env && pip install -r requirements.txt && python manage.py migrate',
    `(test -e backend/.env || cp backend/.env.example backend/.env) && ${CALL}`,
  ],
  ['a folder that is entered is left again', 'cd docs && mkdocs build', `(cd docs && mkdocs build) && ${CALL}`],
  ['a comment ends with its line', 'mkdocs build # slow', `(\nmkdocs build # slow\n) && ${CALL}`],
  ['a semicolon at the end', 'mkdocs build;', `mkdocs build && ${CALL}`],
  ['something in the background', 'mkdocs serve &', `(mkdocs serve &) && ${CALL}`],
  ['alternatives', 'mkdocs build || true', `mkdocs build || true && ${CALL}`],
  [
    'the words of a command are quoted for a shell',
    ['git', 'config', 'user.name', "O'Hara $1"],
    `git config user.name 'O'\\''Hara $1' && ${CALL}`,
  ],
  ['words that migrate', ['python', 'manage.py', 'migrate'], CALL],
  ['a shell within', ['bash', '-c', 'pip install -r requirements.txt && python manage.py migrate'], CALL],
  [
    'entries that run beside it',
    { docs: 'mkdocs build', hooks: ['pre-commit', 'install'] },
    { docs: 'mkdocs build', hooks: ['pre-commit', 'install'], devsetup: CALL },
  ],
  [
    'an entry that it takes over',
    { backend: 'pip install -r requirements.txt', docs: 'mkdocs build' },
    { docs: 'mkdocs build', devsetup: CALL },
  ],
  ['nothing but such entries', { backend: 'pip install -r requirements.txt', frontend: 'cd frontend && npm ci' }, CALL],
  [
    'an entry that would collide',
    { backend: 'pip install -r requirements.txt && mkdocs build', docs: 'true' },
    { backend: `pip install -r requirements.txt && mkdocs build && ${CALL}`, docs: 'true' },
  ],
  ['an empty one', '', CALL],
])('postCreateCommand: %s', async (_, before, after) => {
  const { hooks } = await withHooks({ postCreateCommand: before });
  expect(hooks['postCreateCommand']).toEqual(after);
  expect(hooks['postStartCommand']).toBe(HEALING);
});

it('several entries that would collide leave it to the start, which comes after all of them', async () => {
  const entries = {
    a: 'pip install -r a.txt && mkdocs build',
    b: 'python manage.py migrate && python manage.py loaddata x',
  };
  const { hooks, reason } = await withHooks({ postCreateCommand: entries });
  expect(hooks['postCreateCommand']).toEqual(entries);
  expect(hooks['postStartCommand']).toBe(HEALING);
  expect(reason).toContain('postCreateCommand stays as it is, since nothing can be added to it safely');
});

it.each<[string, unknown, unknown]>([
  [
    'kept and followed',
    'git config --global --add safe.directory .',
    `git config --global --add safe.directory . && ${HEALING}`,
  ],
  [
    'a server starts when the database is ready',
    'python manage.py runserver 0.0.0.0:8000',
    `${BARE} --if-needed && python manage.py runserver 0.0.0.0:8000`,
  ],
  ['migrations are left to it', 'python manage.py migrate', HEALING],
  ['entries', { server: 'python manage.py runserver' }, { server: 'python manage.py runserver', devsetup: HEALING }],
])('postStartCommand: %s', async (_, before, after) => {
  const { hooks } = await withHooks({ postStartCommand: before });
  expect(hooks['postStartCommand']).toEqual(after);
});

it.each<[string, unknown, unknown]>([
  ['what installs is left to it', 'npm ci', PREPARING],
  [
    'an installation at the root is not repeated',
    'npm ci && npm run build',
    `npm ci && npm run build && ${BARE} --only backend-dependencies,frontend-dependencies`,
  ],
  ['another goes first', 'make assets', `make assets && ${PREPARING}`],
])('updateContentCommand: %s', async (_, before, after) => {
  const { hooks } = await withHooks({ updateContentCommand: before });
  expect(hooks['updateContentCommand']).toEqual(after);
});

it('where devsetup is called already nothing is added', async () => {
  const before = { postCreateCommand: `npm ci && ${CALL}`, postStartCommand: HEALING };
  expect(await withHooks(before)).toEqual({ hooks: before, reason: null });
});

it('a call in a script counts, and only what heals is added', async () => {
  const { hooks } = await withHooks(
    { postCreateCommand: 'bash .devcontainer/setup.sh' },
    { '.devcontainer/setup.sh': `#!/bin/sh\nnpm ci\n${CALL}\n` },
  );
  expect(hooks).toEqual({ postCreateCommand: 'bash .devcontainer/setup.sh', postStartCommand: HEALING });
});

it('a call that would fetch a stranger is corrected', async () => {
  const { hooks } = await withHooks({ postCreateCommand: 'npm ci && npx devsetup' });
  expect(hooks).toEqual({ postCreateCommand: `npm ci && ${CALL}`, postStartCommand: HEALING });
});

it('a script that devsetup takes over wholly is not called any more, and the script stays', async () => {
  const setup =
    '#!/bin/bash\nset -e\npip install -r requirements.txt\nuntil pg_isready; do sleep 1; done\npython manage.py migrate\n';
  const { hooks, reason } = await withHooks(
    { postCreateCommand: 'bash ${containerWorkspaceFolder}/scripts/setup.sh' },
    { 'scripts/setup.sh': setup },
  );
  expect(hooks['postCreateCommand']).toBe(CALL);
  expect(reason).toContain('postCreateCommand runs devsetup instead of scripts/setup.sh, which it does');
});

it('a script that does more is called first', async () => {
  const setup = '#!/bin/bash\npython manage.py migrate\npython manage.py compilemessages\n';
  const { hooks } = await withHooks({ postCreateCommand: './setup.sh' }, { 'setup.sh': setup });
  expect(hooks['postCreateCommand']).toBe(`./setup.sh && ${CALL}`);
});

it('a script whose other lines are steps of the configuration is not called any more', async () => {
  const root = await makeTree({
    '.devcontainer.json': '{ "image": "example.org/own:1", "postCreateCommand": "./setup.sh" }',
    'setup.sh': 'python manage.py migrate\npython manage.py loaddata countries\n',
  });
  const devContainer = await findDevContainer(root);
  if (devContainer === undefined) throw new Error('there is no devcontainer.json');
  const {
    files: [planned],
  } = await planExisting({
    root,
    devContainer,
    packageManager: 'npm',
    steps: new Set(['setup.sh:python manage.py loaddata countries']),
  });
  expect(readJsonc(planned?.after ?? '').value).toMatchObject({ postCreateCommand: CALL });
});

it('a script that stays is named with the lines that keep it, and no line of it becomes a step that would run twice', async () => {
  const root = await makeTree({
    '.devcontainer.json': '{ "image": "example.org/own:1", "postCreateCommand": "bash setup.sh" }',
    'setup.sh': 'python manage.py migrate\npython manage.py loaddata countries\ngit config --global pull.rebase true\n',
  });
  const devContainer = await findDevContainer(root);
  if (devContainer === undefined) throw new Error('there is no devcontainer.json');
  const code = await readCheckoutCode(root);
  const scripts = await findSetupScripts(root, devContainer, code);
  const taken = await takeOverScripts(
    { scripts, configured: [], stayingWith: (steps) => findStaying(root, devContainer, { scripts, code, steps }) },
    { canAsk: false, confirm: async () => true, showScripts: () => undefined },
  );
  expect(taken.needs).toEqual([]);
  expect(taken.shown[0]?.unknown.map(({ step, why }) => [step, why])).toEqual([
    [null, 'postCreateCommand still runs it: as a step it would run twice'],
    [null, 'sets up the user or the machine'],
  ]);
  const {
    files: [planned],
  } = await planExisting({ root, devContainer, packageManager: 'npm', scripts, code, steps: new Set() });
  expect(readJsonc(planned?.after ?? '').value).toMatchObject({ postCreateCommand: `bash setup.sh && ${CALL}` });
  expect(planned?.reason).toContain(
    'postCreateCommand runs devsetup too and still setup.sh, because devsetup does not do',
  );
  expect(planned?.reason).toContain(
    'setup.sh:3 git config --global pull.rebase true (sets up the user or the machine)',
  );
});

it('a step of a command that is not known to end needs a yes of its own, and is never made without one to ask', async () => {
  const scripts = [judgeScript('./load-all\nour-tool\npython manage.py loaddata x\n', { file: 'setup.sh' })];
  const asked: string[] = [];
  const stepsWith = async (canAsk: boolean, yes: boolean): Promise<readonly unknown[]> => {
    const confirm = async (question: string): Promise<boolean> => {
      asked.push(question);
      return yes || !question.includes('not known to end');
    };
    const { needs } = await takeOverScripts(
      { scripts, configured: [], stayingWith: () => new Map() },
      { canAsk, confirm, showScripts: () => undefined },
    );
    return needs.map(({ value }) => (value as { readonly title: string }).title);
  };
  expect(await stepsWith(false, true)).toEqual(['loaddata x']);
  expect(asked).toEqual([]);
  expect(await stepsWith(true, false)).toEqual(['loaddata x']);
  expect(await stepsWith(true, true)).toEqual(['our-tool', 'loaddata x']);
  expect(asked[0]).toContain('setup.sh:2 runs `our-tool`, which is not known to end');
});

it('devsetup goes before a server that a hook starts, also one that only the source of its command shows', async () => {
  const tree = {
    'manage.py': '',
    'shop/management/commands/go.py': 'from django.core.management import call_command\ncall_command("runserver")\n',
    'start.sh': 'python manage.py migrate\npython manage.py go\n',
  };
  const { hooks } = await withHooks(
    { postCreateCommand: 'bash start.sh', postStartCommand: 'python manage.py go' },
    tree,
  );
  expect(hooks['postCreateCommand']).toBe(`${BARE} && bash start.sh`);
  expect(hooks['postStartCommand']).toBe(`${BARE} --if-needed && python manage.py go`);
});

it('a script that is called before devsetup is no longer called once nothing of it is left', async () => {
  const setup = 'echo start\npython manage.py migrate\nexec "$@"\n';
  const { hooks, reason } = await withHooks(
    { postCreateCommand: `npm ci && bash setup.sh && ${CALL}`, postStartCommand: HEALING },
    { 'setup.sh': setup },
  );
  expect(hooks['postCreateCommand']).toBe(`npm ci && ${CALL}`);
  expect(reason).toBe('postCreateCommand no longer runs setup.sh, which devsetup does');
});

it('another target of the same Makefile says nothing of the one that a hook runs', async () => {
  const makefile =
    'install:\n\tpip install -r requirements.txt\n\nsetup:\n\tpython manage.py migrate\n\tgit lfs pull\n';
  const { hooks } = await withHooks(
    { onCreateCommand: 'make install', postCreateCommand: 'make setup' },
    { Makefile: makefile },
  );
  expect(hooks['postCreateCommand']).toBe(`make setup && ${CALL}`);
});

it('a script of package.json is followed like any other, and a server in it is seen', async () => {
  const scripts = {
    setup: 'python manage.py migrate && echo done',
    all: 'python manage.py migrate && npm run dev',
    dev: 'vite',
  };
  const tree = { 'package.json': JSON.stringify({ scripts }, null, 2) };
  const { hooks, reason } = await withHooks({ postCreateCommand: 'npm run setup' }, tree);
  expect(hooks['postCreateCommand']).toBe(CALL);
  expect(reason).toContain('postCreateCommand runs devsetup instead of package.json');
  const other = await withHooks({ postCreateCommand: 'npm run all' }, tree);
  expect(other.hooks['postCreateCommand']).toBe(`${BARE} && npm run all`);
});

it('a script that is not there is not judged', async () => {
  const { hooks } = await withHooks({ postCreateCommand: '/usr/local/bin/own-setup.sh' });
  expect(hooks['postCreateCommand']).toBe(`/usr/local/bin/own-setup.sh && ${CALL}`);
});

it('comments, order, indentation and line ends stay', async () => {
  const before = [
    '// Ours.',
    '{',
    '    "name": "shop", // shown in the title',
    '    "image": "example.org/own:1",',
    '    /* what runs once */',
    '    "postCreateCommand": "make assets", // slow',
    '    "customizations": { "vscode": { "extensions": ["a.b",] } }, // nothing else',
    '}',
    '',
  ].join('\r\n');
  const [planned] = await planTwice({
    '.devcontainer.json': before,
    Makefile: 'assets:\n\t./own-build\n',
    'own-build': { program: '#!/usr/bin/env python\n' },
  });
  expect(planned?.path).toBe('.devcontainer.json');
  const [old = '', rest = ''] = before.split('"make assets", // slow\r\n');
  const added = [
    `"make assets && ${CALL}", // slow`,
    `    "postStartCommand": "${HEALING}",`,
    `    "updateContentCommand": "${PREPARING}",`,
  ];
  expect(planned?.after).toBe(`${old}${added.join('\r\n')}\r\n${rest}`);
});

it('entries keep their comments', async () => {
  const before = `{
  "image": "example.org/own:1",
  "postCreateCommand": {
    // fast
    "docs": "mkdocs build",
    // slow
    "hooks": "pre-commit install"
  }
}
`;
  const [planned] = await planTwice({ '.devcontainer.json': before });
  expect(planned?.after).toContain(`    // fast
    "docs": "mkdocs build",
    // slow
    "hooks": "pre-commit install",
    "devsetup": "${CALL}"
  }`);
});

it('what is not valid is left alone, with the line', async () => {
  const [planned] = await planTwice({ '.devcontainer.json': '{\n  "name": "x"\n  "image": "y"\n}\n' });
  expect(planned).toMatchObject({ action: 'keep', reason: 'it is not valid in line 3; correct it first' });
});

const COMPOSE = `# ours
services:
  web:
    build: .
    depends_on:
      - db # started
  db:
    image: postgres:16 # as in production
`;

it('in a compose file elsewhere the database gets a healthcheck, and comments in the list of dependencies stay', async () => {
  const planned = await planTwice({
    '.devcontainer/devcontainer.json': JSON.stringify({ dockerComposeFile: '../docker-compose.yml', service: 'web' }),
    'docker-compose.yml': COMPOSE,
  });
  const file = planned.find(({ path: name }) => name === 'docker-compose.yml');
  expect(file).toMatchObject({
    action: 'update',
    reason: 'db says when it takes connections; web waits until db is healthy',
  });
  expect(file?.after).toContain('# as in production');
  expect(file?.after).toContain('      db: # started\n        condition: service_healthy\n');
});

it('the service waits until the database is healthy', async () => {
  const planned = await planTwice({
    '.devcontainer/devcontainer.json': JSON.stringify({ dockerComposeFile: '../docker-compose.yml', service: 'web' }),
    'docker-compose.yml': COMPOSE.replace(' # started', ''),
  });
  const file = planned.find(({ path: name }) => name === 'docker-compose.yml');
  expect(file?.reason).toBe('db says when it takes connections; web waits until db is healthy');
  expect(file?.after).toContain('# ours\n');
  const { services } = parse(file?.after ?? '') as { services: Record<string, Record<string, unknown>> };
  expect(services['web']?.['depends_on']).toEqual({ db: { condition: 'service_healthy' } });
  expect(services['db']?.['healthcheck']).toMatchObject({ start_period: '30s' });
});

it('an image that certainly has no Node gets it', async () => {
  const before = '{\n  "image": "mcr.microsoft.com/devcontainers/python:3.12", // ours\n  "remoteUser": "vscode"\n}\n';
  const [planned] = await planTwice({ '.devcontainer.json': before });
  expect(readJsonc(planned?.after ?? '').value).toMatchObject({
    features: { 'ghcr.io/devcontainers/features/node:1': {} },
  });
  expect(planned?.after).toContain('3.12", // ours\n');
  expect(planned?.reason).toContain('Node, which devsetup runs on, is added as a feature');
});

describe('Node', () => {
  const PYTHON = 'mcr.microsoft.com/devcontainers/python:3.12';
  const lacks = (facts: Partial<NodeFacts>): boolean =>
    lacksNode({ properties: {}, image: null, dockerfile: null, hooks: '', ...facts });

  it.each<[string, Partial<NodeFacts>]>([
    ['`npm install` in a hook needs it and brings none', { image: PYTHON, hooks: 'npm ci && npm run build' }],
    ['"ubuntu" is not "bun"', { image: 'ubuntu:24.04' }],
    ['"ubuntu" is not "bun" in a Dockerfile', { dockerfile: 'FROM ubuntu:24.04\nRUN apt-get install -y python3\n' }],
    [
      'a comment in a Dockerfile installs nothing',
      { dockerfile: 'FROM python:3.12\n# Node comes later\nRUN pip install uv # npm\n' },
    ],
    ['a comment in a hook installs nothing', { image: PYTHON, hooks: '# nvm install 20\npip install uv' }],
    [
      'another stage is not in the image',
      { dockerfile: 'FROM node:20 AS web\nRUN npm ci\nFROM python:3.12\nCOPY --from=web /app/dist /static\n' },
    ],
    [
      'a Feature of something else',
      { image: PYTHON, properties: { features: { 'ghcr.io/devcontainers/features/ubuntu-tools:1': {} } } },
    ],
    ['a variable of that name', { dockerfile: 'FROM python:3.12\nENV NODE_ENV=production\nCOPY x node_modules\n' }],
  ])('is missing: %s', (_, facts) => {
    expect(lacks(facts)).toBe(true);
  });

  it.each<[string, Partial<NodeFacts>]>([
    ['an image of its own', { image: 'example.org/own:1' }],
    ['a hook that installs it', { image: PYTHON, hooks: 'sudo apt-get install -y nodejs' }],
    ['a version manager in a hook', { image: PYTHON, hooks: '. ~/.nvm/nvm.sh && nvm install 20' }],
    ['a Dockerfile that uses it', { dockerfile: 'FROM python:3.12\nRUN curl x | bash \\\n  && npm install -g pnpm\n' }],
    [
      'programs of another stage',
      { dockerfile: 'FROM acme AS web\nFROM python:3.12\nCOPY --from=web /usr/local /usr/local\n' },
    ],
    ['a Feature', { image: PYTHON, properties: { features: { 'ghcr.io/devcontainers/features/node:1': {} } } }],
    ['a Feature that brings it', { image: PYTHON, properties: { features: { 'ghcr.io/x/angular-cli:2': {} } } }],
  ])('may be there: %s', (_, facts) => {
    expect(lacks(facts)).toBe(false);
  });
});

it('of a hook that is given twice the last one is planned, since it counts', async () => {
  const before = '{\n  "image": "x",\n  "postCreateCommand": "first",\n  "postCreateCommand": "second"\n}\n';
  const [planned] = await planTwice({ '.devcontainer.json': before });
  expect(readJsonc(planned?.after ?? '').value).toMatchObject({ postCreateCommand: `second && ${CALL}` });
  expect(planned?.after).toContain('"postCreateCommand": "first",\n');
});

it('one that uses the Feature needs nothing more', async () => {
  const root = await makeTree({
    '.devcontainer/devcontainer.json': '{ "image": "x", "features": { "./devsetup": {} } }',
  });
  expect(await planIn(root)).toMatchObject([{ action: 'keep' }]);
});

it('a script whose other lines became steps is no longer called', async () => {
  const hook = '{ "image": "example.org/own:1", "postCreateCommand": "bash setup.sh" }';
  const root = await makeTree({
    '.devcontainer/devcontainer.json': hook,
    'setup.sh': 'python manage.py migrate\npython manage.py loaddata countries\n',
    'manage.py': '',
  });
  const devContainer = await findDevContainer(root);
  if (devContainer === undefined) throw new Error('there is no devcontainer.json');
  const plan = async (steps: ReadonlySet<string>): Promise<string> =>
    (await planExisting({ root, devContainer, packageManager: 'npm', steps })).files[0]?.after ?? '';
  expect(await plan(new Set())).toContain('setup.sh');
  expect(await plan(new Set(['setup.sh:python manage.py loaddata countries']))).not.toContain('setup.sh');
});

it('the script that a container of production starts its server with is no set-up', async () => {
  const start = 'mkdir -p data\npython manage.py migrate\nexec gunicorn shop.wsgi\n';
  const root = await makeTree({
    'bootstrap.sh': start,
    'scripts/entrypoint.sh': start,
    'bin/setup': start,
    'docker/default.Dockerfile': 'FROM python:3.12\nWORKDIR /srv/app\nCOPY . .\nCMD ["/srv/app/bootstrap.sh"]\n',
    'compose.yaml': 'services:\n  web:\n    image: shop\n    command: sh ./scripts/entrypoint.sh\n',
  });
  const scripts = await findSetupScripts(root, undefined, await readCheckoutCode(root));
  expect(scripts.map(({ file }) => file)).toEqual(['bin/setup']);
});

it('what keeps the container from being opened is named first, and Node is added to the service that is meant', async () => {
  const root = await makeTree({
    '.devcontainer/devcontainer.json':
      '{ "dockerComposeFile": "../compose.yaml", "service": "shop-web", "workspaceFolder": "/app", "forwardPorts": "8000" }',
    'compose.yaml':
      'services:\n  web:\n    container_name: shop-web\n    build: .\n    env_file: .env.web\n  db:\n    image: postgres:17\n',
    Dockerfile: 'ARG VERSION=3.12\nFROM python:${VERSION}-slim AS base\nFROM base AS run\n',
  });
  const devContainer = await findDevContainer(root);
  expect(await containerErrors(root, devContainer)).toEqual([
    expect.stringContaining('forwardPorts must be an array'),
    '.devcontainer/devcontainer.json names the service shop-web, which its compose files do not have. Services: web, db. Write web for shop-web.',
  ]);
  const [planned] = await planIn(root);
  expect(planned?.reason).toContain('Node, which devsetup runs on, is added as a feature');
});

it.each<[string, string, readonly string[], string]>([
  [
    'in which only a folder is left, which becomes a step',
    'pip install uv && uv sync && npm install && mkdir -p data && uv run manage.py migrate',
    ['mkdir -p data'],
    CALL,
  ],
  [
    'of which a part stays: no line becomes a step that would run twice',
    'pip install -r requirements.txt && mkdir -p data && git config --global a b && python manage.py migrate',
    [],
    `pip install -r requirements.txt && mkdir -p data && git config --global a b && python manage.py migrate && ${CALL}`,
  ],
  ['with a script of package.json, one of whose commands stays', 'npm run setup', [], `npm run setup && ${CALL}`],
])('commands in a hook are accounted for like those of a script: %s', async (_, hook, steps, after) => {
  const root = await makeTree({
    '.devcontainer/devcontainer.json': JSON.stringify({ image: 'example.org/own:1', postCreateCommand: hook }),
    'package.json':
      '{ "scripts": { "setup": "python manage.py migrate && python manage.py loaddata x && git config --global a b" } }',
    'manage.py': '',
  });
  const devContainer = await findDevContainer(root);
  if (devContainer === undefined) throw new Error('there is no devcontainer.json');
  const code = await readCheckoutCode(root);
  const scripts = await findSetupScripts(root, devContainer, code);
  const taken = await takeOverScripts(
    {
      scripts,
      configured: [],
      stayingWith: (lines) => findStaying(root, devContainer, { scripts, code, steps: lines }),
    },
    { canAsk: false, confirm: async () => true, showScripts: () => undefined },
  );
  expect(taken.needs.map(({ value }) => (value as { readonly title: string }).title)).toEqual(steps);
  const became = linesAsSteps(
    taken.shown.flatMap(({ file, unknown }) =>
      unknown.map(({ text, step }) => ({ file, text, isStep: step !== null })),
    ),
  );
  const { files } = await planExisting({ root, devContainer, packageManager: 'npm', scripts, code, steps: became });
  expect(readJsonc(files[0]?.after ?? '').value).toMatchObject({ postCreateCommand: after });
});
