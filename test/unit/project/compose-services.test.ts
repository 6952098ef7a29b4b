import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readComposeFiles, readComposeServices, type ComposeService } from '../../../src/project/compose-services.ts';
import { makeTree, type Tree } from './make-tree.ts';

const read = async (tree: Tree): Promise<readonly ComposeService[]> => {
  const root = await makeTree(tree);
  return readComposeServices({ root, backendDirectory: path.join(root, 'backend') });
};

const db = (more: string): string => `services:\n  db:\n    image: postgres:17\n${more}`;

describe('services', () => {
  it.each([
    'docker-compose.yml',
    'docker-compose.yaml',
    'compose.yml',
    'compose.yaml',
    'docker-compose.override.yml',
    'docker-compose-dev.yml',
    'compose.local.yaml',
    '.devcontainer/docker-compose.yml',
    'backend/docker-compose.yml',
    'mycompose.yml',
    'local.yml',
  ])('are read from %s', async (file) => {
    expect(await read({ [file]: db('') })).toMatchObject([{ name: 'db', image: 'postgres:17', publishedPorts: [] }]);
  });

  it.each([
    'docs/compose.yml',
    'production/compose.yml',
    'a/b/compose.yml',
    'compose.md',
    'production.yml',
    'pnpm-lock.yaml',
  ])('are not read from %s', async (file) => {
    expect(await read({ [file]: db('') })).toEqual([]);
  });

  it.each([
    ['of GitLab', 'services:\n  - name: postgres:17\n    alias: db\njob:\n  image: python:3.12\n'],
    ['of a framework', 'services:\n  _defaults:\n    autowire: true\n'],
  ])('%s are no services of compose', async (_, text) => {
    expect(await read({ '.other.yml': text })).toEqual([]);
  });

  it.each<[string, ComposeService['publishedPorts']]>([
    ['ports: ["5433:5432"]', [{ host: 5433, container: 5432 }]],
    ['ports: ["127.0.0.1:5433:5432/tcp"]', [{ host: 5433, container: 5432 }]],
    ['ports: [5433:5432]', [{ host: 5433, container: 5432 }]],
    ['ports: ["${DB_PORT:-5433}:5432"]', [{ host: 5433, container: 5432 }]],
    ['ports: [{ target: 5432, published: "5433" }]', [{ host: 5433, container: 5432 }]],
    ['ports: ["5432"]', []],
    ['ports: ["${DB_PORT}:5432"]', []],
    ['ports: ["53:53/udp"]', []],
    ['ports: null', []],
    ['ports: 5432', []],
    ['expose: ["5432"]', []],
  ])('with %s publish %j', async (ports, expected) => {
    expect((await read({ 'compose.yml': db(`    ${ports}\n`) }))[0]?.publishedPorts).toEqual(expected);
  });

  it('are known by every name they have', async () => {
    const text = db('    container_name: my-db\n    networks: { inner: { aliases: [database] } }\n');
    expect((await read({ 'compose.yml': text })).map(({ name }) => name)).toEqual(['db', 'my-db', 'database']);
  });

  it('of several files are put together', async () => {
    const override = 'services:\n  db:\n    ports: ["5433:5432"]\n';
    expect(await read({ 'compose.yml': db(''), 'compose.override.yml': override })).toMatchObject([
      { name: 'db', image: 'postgres:17', publishedPorts: [{ host: 5433, container: 5432 }] },
    ]);
  });

  it.each(['docker/docker-compose.yml', '.docker/compose.yml', 'infra/local.yml'])(
    'are read from %s where no other place has compose files',
    async (file) => {
      expect(await read({ [file]: db('') })).toHaveLength(1);
      expect(await read({ [file]: db(''), 'compose.yml': 'services:\n  web: { image: app }\n' })).toMatchObject([
        { name: 'web' },
      ]);
    },
  );

  it('are read from every folder between the root and the backend', async () => {
    const root = await makeTree({ 'stack/compose.yml': db(''), 'stack/app/manage.py': '' });
    const services = await readComposeServices({ root, backendDirectory: path.join(root, 'stack/app') });
    expect(services.map(({ up }) => up)).toEqual(['docker compose -f stack/compose.yml up -d db']);
  });

  it.each<[string, Tree, string]>([
    ['that compose takes by itself', { 'docker-compose.yaml': db('') }, ''],
    [
      'whose override adds it',
      { 'compose.yml': 'services:\n  web: { image: app }\n', 'compose.override.yml': db('') },
      '',
    ],
    ['of another name', { 'local.yml': db('') }, '-f local.yml '],
    ['with a space in its name', { 'docker-compose.my dev.yml': db('') }, "-f 'docker-compose.my dev.yml' "],
    ['in another folder', { 'docker/compose.yml': db('') }, '-f docker/compose.yml '],
    [
      'that stands beside one of the usual name and is complete',
      { 'compose.yml': 'services:\n  web: { image: app }\n', 'docker-compose.dev.yml': db('') },
      '-f docker-compose.dev.yml ',
    ],
    [
      'that adds to one of the usual name',
      {
        'compose.yml': 'services:\n  web: { image: app }\n',
        'docker-compose.dev.yml': db('  web:\n    ports: ["8000:8000"]\n'),
      },
      '-f compose.yml -f docker-compose.dev.yml ',
    ],
  ])('of a file %s are started with it', async (_, tree, options) => {
    const started = (await read(tree)).find(({ name }) => name === 'db');
    expect(started?.up).toBe(`docker compose ${options}up -d db`);
  });

  it('are started by the name that compose knows, whatever other name they have', async () => {
    const services = await read({ 'compose.yml': db('    container_name: my-db\n') });
    expect(services.map(({ up }) => up)).toEqual(Array(2).fill('docker compose up -d db'));
  });

  it('with anchors and merge keys are understood', async () => {
    const text = 'x-db: &db { image: postgres:16 }\nservices:\n  db:\n    <<: *db\n  web:\n';
    expect((await read({ 'compose.yml': text })).map(({ name, image }) => [name, image])).toEqual([
      ['db', 'postgres:16'],
      ['web', null],
    ]);
  });

  it.each(['', '[]', 'services: []', 'services: text', 'version: "3"'])('are none in %j', async (text) => {
    expect(await read({ 'compose.yml': text })).toEqual([]);
  });
});

it('a file that is not YAML is a warning and does not hide the others', async () => {
  const root = await makeTree({ 'compose.yml': db(''), 'compose.broken.yml': 'services: {\n  db: [' });
  const { services, warnings } = await readComposeFiles({ root, backendDirectory: root });
  expect(services).toHaveLength(1);
  expect(warnings).toEqual([expect.stringMatching(/^compose\.broken\.yml is not valid YAML and was left out: ./)]);
});
