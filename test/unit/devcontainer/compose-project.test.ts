import path from 'node:path';
import { describe, expect, it } from 'vitest';

import {
  readComposeProject,
  type ComposeProject,
  type ComposeServiceModel,
} from '../../../src/project/compose/compose-project.ts';
import { makeTree, type Tree } from '../project/make-tree.ts';

const readAll = async (tree: Tree, files: readonly string[]): Promise<ComposeProject & { readonly root: string }> => {
  const root = await makeTree(tree);
  return { root, ...(await readComposeProject({ root, files: files.map((file) => path.join(root, file)) })) };
};

/** The service `db` of a compose file with these lines in it. */
const db = async (lines: string, env?: string): Promise<ComposeServiceModel | undefined> => {
  const text = `services:\n  db:\n${lines.replaceAll(/^/gm, '    ')}\n`;
  const tree = { 'compose.yml': text, ...(env === undefined ? {} : { '.env': env }) };
  return (await readAll(tree, ['compose.yml'])).services[0];
};

describe('environment', () => {
  it.each([
    ['environment: { A: 1, B: "x", C: , D: 007 }', { A: '1', B: 'x', C: null, D: '007' }],
    ['environment:\n  - A=1\n  - B=x=y\n  - C\n  - D=', { A: '1', B: 'x=y', C: null, D: '' }],
    ['environment: { A: "${X:-one}", B: "${Y}", C: "$$5", D: "${Z:-}" }', { A: 'one', B: '${Y}', C: '$5', D: '' }],
    ['environment: { A: "${X:-${Y:-two}}" }', { A: 'two' }],
  ])('%s', async (lines, expected) => {
    expect((await db(lines))?.environment).toEqual(expected);
  });

  it('is filled in from the .env beside the compose file', async () => {
    const service = await db('environment: { A: "${X:-one}", B: "${Y}", C: "${Z?}" }', 'X=file\nY="quoted" # why\n');
    expect(service?.environment).toEqual({ A: 'file', B: 'quoted', C: '${Z?}' });
  });
});

describe('healthcheck', () => {
  it.each([
    ['healthcheck: { test: pg_isready, start_period: 5s }', { test: ['CMD-SHELL', 'pg_isready'], startPeriod: '5s' }],
    ['healthcheck: { test: [CMD, pg_isready] }', { test: ['CMD', 'pg_isready'], startPeriod: null }],
    ['healthcheck: { disable: true }', null],
    ['healthcheck: { test: [NONE] }', null],
    ['image: postgres:17', null],
  ])('%s', async (lines, expected) => {
    expect((await db(lines))?.healthcheck).toEqual(expected);
  });
});

it.each([
  ['depends_on: [a, b]', { a: 'service_started', b: 'service_started' }],
  ['depends_on: { a: { condition: service_healthy }, b: }', { a: 'service_healthy', b: 'service_started' }],
])('%s', async (lines, expected) => {
  expect((await db(lines))?.dependsOn).toEqual(expected);
});

it('volumes in short and long form, relative to the first file', async () => {
  const { root, services } = await readAll(
    {
      'a/compose.yml':
        'services:\n  db:\n    volumes:\n      - ..:/workspace:cached\n      - data:/data\n      - /anonymous\n' +
        '      - { type: bind, source: ./x, target: /x }\n      - "${HERE:-.}:/here"\n',
    },
    ['a/compose.yml'],
  );
  expect(services[0]?.volumes).toEqual([
    { source: root, target: '/workspace' },
    { source: 'data', target: '/data' },
    { source: path.join(root, 'a/x'), target: '/x' },
    { source: path.join(root, 'a'), target: '/here' },
  ]);
});

it('of several files the later says it over the earlier, as compose does', async () => {
  const { root, services } = await readAll(
    {
      'compose.yml':
        'services:\n  app:\n    image: one\n    environment: [A=1, B=1]\n    depends_on: [db]\n    volumes: [".:/code"]\n' +
        '    healthcheck: { test: [CMD, one], start_period: 1s }\n',
      '.devcontainer/compose.yml':
        'services:\n  app:\n    image: two\n    environment: { B: 2 }\n    depends_on: { db: { condition: service_healthy } }\n' +
        '    volumes: ["..:/code", "./more:/more"]\n    healthcheck: { test: [CMD, two] }\n    user: vscode\n',
    },
    ['compose.yml', '.devcontainer/compose.yml'],
  );
  expect(services[0]).toMatchObject({
    name: 'app',
    image: 'two',
    environment: { A: '1', B: '2' },
    dependsOn: { db: 'service_healthy' },
    volumes: [
      { source: path.dirname(root), target: '/code' },
      { source: path.join(root, 'more'), target: '/more' },
    ],
    healthcheck: { test: ['CMD', 'two'], startPeriod: '1s' },
    user: 'vscode',
    place: { file: 'compose.yml', line: 2, column: 3 },
  });
});

it('!reset takes away and !override replaces', async () => {
  const { services } = await readAll(
    {
      'a.yml': 'services:\n  db:\n    image: postgres\n    ports: ["1:1"]\n    environment: { A: 1 }\n    user: root\n',
      'b.yml': 'services:\n  db:\n    ports: !override ["2:2"]\n    environment: !reset null\n    user: !reset null\n',
    },
    ['a.yml', 'b.yml'],
  );
  expect(services[0]).toMatchObject({
    image: 'postgres',
    ports: [{ host: 2, container: 2 }],
    environment: {},
    user: null,
  });
});

it('extends a service of the same and of another file', async () => {
  const { root, services } = await readAll(
    {
      'compose.yml':
        'services:\n  base: { image: one, environment: { A: 1 } }\n  app:\n    extends: { service: base }\n    environment: { B: 2 }\n' +
        '  other:\n    extends: { file: shared/common.yml, service: common }\n    user: me\n  round: { extends: round }\n',
      'shared/common.yml':
        'services:\n  common:\n    build: .\n    volumes: ["./data:/data"]\n    env_file: .env.shared\n',
    },
    ['compose.yml'],
  );
  const byName = Object.fromEntries(services.map((service) => [service.name, service]));
  expect(byName['app']).toMatchObject({ image: 'one', environment: { A: '1', B: '2' } });
  expect(byName['other']).toMatchObject({
    user: 'me',
    build: { dockerfile: path.join(root, 'shared/Dockerfile'), target: null },
    volumes: [{ source: path.join(root, 'shared/data'), target: '/data' }],
    envFiles: [path.join(root, 'shared/.env.shared')],
  });
});

it('includes other files', async () => {
  const { root, services } = await readAll(
    {
      'compose.yml': 'include:\n  - database/compose.yml\n  - oci://example.org/x\nservices:\n  app: { image: one }\n',
      'database/compose.yml':
        'services:\n  db:\n    image: postgres:17\n    env_file: [{ path: .env, required: false }]\n',
    },
    ['compose.yml'],
  );
  expect(services.map(({ name }) => name)).toEqual(['db', 'app']);
  expect(services[0]?.envFiles).toEqual([path.join(root, 'database/.env')]);
});

it('anchors and merge keys', async () => {
  const { services } = await readAll(
    {
      'compose.yml':
        'x-base: &base\n  image: one\n  environment: &env { A: 1 }\nservices:\n  app:\n    <<: *base\n    environment: { <<: *env, B: 2 }\n',
    },
    ['compose.yml'],
  );
  expect(services[0]).toMatchObject({ image: 'one', environment: { A: '1', B: '2' } });
});

it('a file that is no YAML is named with its place, and hides nothing else', async () => {
  const { services, broken } = await readAll(
    { 'a.yml': 'services:\n  db: { image: postgres }\n', 'b.yml': 'services:\n  db: [\n' },
    ['a.yml', 'b.yml', 'missing.yml'],
  );
  expect(services).toHaveLength(1);
  expect(broken).toMatchObject([{ place: { file: 'b.yml', line: 3 } }]);
});

it.each(['', '[]', 'services: []', 'services: text', 'include: 5', 'services: { db: , web: text, x: [1] }'])(
  'never throws: %j',
  async (text) => {
    expect((await readAll({ 'compose.yml': text }, ['compose.yml'])).broken).toEqual([]);
  },
);
