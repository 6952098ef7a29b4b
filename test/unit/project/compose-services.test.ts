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
    expect(await read({ [file]: db('') })).toEqual([{ name: 'db', image: 'postgres:17', publishedPorts: [] }]);
  });

  it.each(['elsewhere/compose.yml', 'compose.md', 'production.yml', 'pnpm-lock.yaml'])(
    'are not read from %s',
    async (file) => {
      expect(await read({ [file]: db('') })).toEqual([]);
    },
  );

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
    expect(await read({ 'compose.yml': db(''), 'compose.override.yml': override })).toEqual([
      { name: 'db', image: 'postgres:17', publishedPorts: [{ host: 5433, container: 5432 }] },
    ]);
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
