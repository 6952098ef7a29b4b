import { expect, it } from 'vitest';

import { findDevContainer } from '../../../src/devcontainer/dev-container.ts';
import { followHooks, type FollowedHook } from '../../../src/devcontainer/follow-hooks.ts';
import { makeTree, type Tree } from '../project/make-tree.ts';

const follow = async (hooks: object, tree: Tree = {}): Promise<readonly FollowedHook[]> => {
  const root = await makeTree({
    '.devcontainer/devcontainer.json': JSON.stringify({ workspaceFolder: '/workspace', ...hooks }),
    ...tree,
  });
  const found = await findDevContainer(root);
  if (found === undefined) throw new Error('there is no devcontainer.json');
  return followHooks(found, root);
};

const SETUP = { program: '#!/bin/sh\n# npx devsetup\nnpx --no-install devsetup\n' };

it.each<[object, Tree]>([
  [{ postCreateCommand: 'bash .devcontainer/setup.sh' }, { '.devcontainer/setup.sh': SETUP }],
  [{ postCreateCommand: ['.devcontainer/setup.sh'] }, { '.devcontainer/setup.sh': SETUP }],
  [{ postCreateCommand: { one: 'true', two: ['sh', '-c', 'cd x && ./setup.sh'] } }, { 'setup.sh': SETUP }],
  [{ postCreateCommand: '/workspace/setup.sh' }, { 'setup.sh': SETUP }],
  [{ postCreateCommand: '${containerWorkspaceFolder}/setup.sh' }, { 'setup.sh': SETUP }],
  [{ postCreateCommand: 'sh a.sh' }, { 'a.sh': 'sh scripts/b.sh', 'scripts/b.sh': './c.sh', 'scripts/c.sh': SETUP }],
  [{ postCreateCommand: 'npm run setup' }, { 'package.json': '{"scripts":{"setup":"npx --no-install devsetup"}}' }],
  [{ postCreateCommand: 'npm ci' }, { 'package.json': '{"scripts":{"postinstall":"npx --no-install devsetup"}}' }],
  [{ postCreateCommand: 'make setup' }, { Makefile: 'setup:\n\tnpx --no-install devsetup\n' }],
])('%j leads to devsetup', async (hooks, tree) => {
  const [hook] = await follow(hooks, tree);
  const followed = hook?.texts.map(({ text }) => text).join('\n');
  expect(followed).toMatch(/npx --no-install devsetup/);
  expect(followed).not.toMatch(/npx devsetup/);
  expect(hook?.leadsElsewhere).toBe(false);
});

it('a dependency in package.json is no call', async () => {
  const tree = { 'package.json': '{"devDependencies":{"devsetup":"1"},"scripts":{"other":"devsetup"}}' };
  const [hook] = await follow({ postCreateCommand: 'npm ci' }, tree);
  expect(hook?.texts.map(({ text }) => text)).toEqual(['npm ci', '']);
});

it.each(['/usr/local/bin/setup', 'bash setup.sh', '/opt/setup.sh --all', 'bash ${SCRIPT}', '${localEnv:SETUP}'])(
  '%s leads to what is not in the checkout',
  async (command) => {
    expect((await follow({ postCreateCommand: command }))[0]?.leadsElsewhere).toBe(true);
  },
);

it('scripts that call each other end', async () => {
  const [hook] = await follow({ postStartCommand: 'sh a.sh' }, { 'a.sh': 'sh b.sh', 'b.sh': 'sh a.sh' });
  expect(hook?.texts).toHaveLength(3);
});

it.each([{}, { postCreateCommand: null }, { postCreateCommand: 5 }, { postCreateCommand: { a: null } }])(
  '%j runs nothing',
  async (hooks) => {
    expect((await follow(hooks)).flatMap(({ texts }) => texts)).toEqual([]);
  },
);
