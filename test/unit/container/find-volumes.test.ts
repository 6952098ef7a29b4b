import path from 'node:path';

import { expect, test } from 'vitest';

import { projectOf } from '../../../src/container/find-volumes.ts';
import { makeTree } from '../project/make-tree.ts';

const COMPOSE = 'services: { app: { image: x } }\n';

test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, string | null]>([
  ['the checkout', { '.devcontainer/compose.yml': COMPOSE }, {}, 'my-shop_devcontainer'],
  ['the folder of the first file', { 'deploy/compose.yml': COMPOSE }, {}, 'deploy'],
  ['its own name', { '.devcontainer/compose.yml': `name: Big-Shop\n${COMPOSE}` }, {}, 'big-shop'],
  ['.env at the root', { '.devcontainer/compose.yml': COMPOSE, '.env': 'COMPOSE_PROJECT_NAME=a\n' }, {}, 'a'],
  [
    '.env next to the file',
    { '.devcontainer/compose.yml': `name: x\n${COMPOSE}`, '.devcontainer/.env': 'COMPOSE_PROJECT_NAME=b\n' },
    {},
    'b',
  ],
  [
    'the environment',
    { '.devcontainer/compose.yml': COMPOSE, '.env': 'COMPOSE_PROJECT_NAME=a\n' },
    { COMPOSE_PROJECT_NAME: 'c' },
    'c',
  ],
  ['a variable that only compose knows', { '.devcontainer/compose.yml': `name: $NAME\n${COMPOSE}` }, {}, null],
])('a compose project has its name from %s', async (_, files, env, expected) => {
  const root = path.join(
    await makeTree(Object.fromEntries(Object.entries(files).map(([name, text]) => [`My-Shop/${name}`, text]))),
    'My-Shop',
  );
  const composeFiles = Object.keys(files)
    .filter((name) => name.endsWith('.yml'))
    .map((name) => path.join(root, name));
  expect(await projectOf(root, { composeFiles }, env)).toBe(expected);
});

test('without compose files there is no project', async () => {
  expect(await projectOf('/shop', { composeFiles: [] }, {})).toBeNull();
});
