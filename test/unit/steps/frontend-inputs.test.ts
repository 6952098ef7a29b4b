import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '../../../src/config/defaults.ts';
import { SILENT } from '../../../src/core/step.ts';
import { runCommand } from '../../../src/process/run-command.ts';
import { findFrontends } from '../../../src/project/find-frontends.ts';
import type { NodeTool } from '../../../src/project/types.ts';
import { openStateStore } from '../../../src/state/state-store.ts';
import type { SetupContext } from '../../../src/steps/context.ts';
import { frontendDependencies } from '../../../src/steps/frontend-dependencies.ts';
import { makeTree, type Tree } from '../project/make-tree.ts';

/** A frontend with a package manager that does what this script says, in place of one that needs a registry. */
const siteOf = async (tree: Tree, installs = 'mkdir -p node_modules') => {
  const root = await makeTree({ 'bin/manager': { program: `#!/bin/sh\n${installs}\n` }, ...tree });
  const done = new Set<string>();
  const context = async (): Promise<SetupContext> =>
    ({
      project: { root, frontends: await findFrontends({ root, config: DEFAULTS, backendDirectory: root }) },
      config: DEFAULTS,
      options: { force: false },
      state: openStateStore(path.join(root, '.state')),
      nodeAbi: '115',
      ownPackage: '/nowhere',
      isDone: (what: string) => done.has(what),
      markDone: (what: string) => done.add(what) !== undefined,
      forget: () => undefined,
      findProgram: () => Promise.resolve(path.join(root, 'bin/manager')),
      exclusively: (_: string, __: unknown, fn: (waited: boolean) => unknown) => fn(false),
      runProgram: (command: Parameters<typeof runCommand>[0]) =>
        runCommand({ ...command, env: { PATH: process.env['PATH'] ?? '' } }),
    }) as unknown as SetupContext;
  return {
    root,
    install: async () => frontendDependencies.apply(await context(), SILENT),
    inspect: async () => frontendDependencies.inspect(await context(), SILENT),
    write: async (file: string, text: string) => {
      await mkdir(path.dirname(path.join(root, file)), { recursive: true });
      await writeFile(path.join(root, file), text);
    },
  };
};

const pkg = (more: object = {}): string => JSON.stringify({ dependencies: { mitt: '3' }, ...more });
const tree = (lock: string, more: Tree = {}): Tree => ({ 'package.json': pkg(), [lock]: '', ...more });
const npm = (more: Tree = {}): Tree => tree('package-lock.json', more);
const yarn = (more: Tree = {}): Tree => tree('yarn.lock', more);
const pnpm = (more: Tree = {}): Tree => tree('pnpm-lock.yaml', more);
const bun = (more: Tree = {}): Tree => tree('bun.lock', more);

type Row = readonly [tool: NodeTool, what: string, tree: Tree, changed: string];

const WORKSPACE = { 'package.json': pkg({ workspaces: ['packages/*'] }), 'packages/a/package.json': pkg() };

const ROWS: readonly Row[] = [
  ['npm', 'the lock file', npm(), 'package-lock.json'],
  ['npm', 'a shrinkwrap that appears', npm(), 'npm-shrinkwrap.json'],
  ['npm', 'the manifest', npm(), 'package.json'],
  ['npm', 'settings of the project', npm(), '.npmrc'],
  ['npm', 'the manifest of a workspace member two folders down', npm(WORKSPACE), 'packages/a/package.json'],
  ['npm', 'a new workspace member', npm(WORKSPACE), 'packages/b/package.json'],
  [
    'npm',
    'a package by its path',
    npm({ 'package.json': pkg({ devDependencies: { own: 'file:./own' } }), 'own/package.json': '{}' }),
    'own/package.json',
  ],
  [
    'npm',
    'an archive of the checkout',
    npm({ 'package.json': pkg({ devDependencies: { own: 'file:own.tgz' } }), 'own.tgz': '' }),
    'own.tgz',
  ],
  ['npm', 'a patch of patch-package', npm({ 'patches/mitt+3.patch': '' }), 'patches/mitt+3.patch'],
  [
    'npm',
    'a script that installing runs',
    npm({ 'package.json': pkg({ scripts: { postinstall: 'node tools/build.js' } }), 'tools/build.js': '' }),
    'tools/build.js',
  ],
  ['npm', 'native code of the project', npm(), 'binding.gyp'],
  ['yarn', 'the lock file', yarn(), 'yarn.lock'],
  ['yarn', 'settings of Yarn 1', yarn(), '.yarnrc'],
  ['yarn', 'settings of Yarn 2 and later', yarn(), '.yarnrc.yml'],
  ['yarn', 'a workspace member', yarn(WORKSPACE), 'packages/a/package.json'],
  [
    'yarn',
    'a patch',
    yarn({
      'package.json': pkg({ resolutions: { mitt: 'patch:mitt@npm%3A3.0.1#~/.yarn/patches/mitt.patch' } }),
      '.yarn/patches/mitt.patch': '',
    }),
    '.yarn/patches/mitt.patch',
  ],
  ['yarn', 'a plugin', yarn({ '.yarn/plugins/own.cjs': '' }), '.yarn/plugins/own.cjs'],
  [
    'yarn',
    'a portal',
    yarn({ 'package.json': pkg({ devDependencies: { own: 'portal:./own' } }), 'own/package.json': '{}' }),
    'own/package.json',
  ],
  ['pnpm', 'the lock file', pnpm(), 'pnpm-lock.yaml'],
  ['pnpm', 'workspace settings that appear', pnpm(), 'pnpm-workspace.yaml'],
  ['pnpm', 'its program in the checkout', pnpm(), '.pnpmfile.cjs'],
  ['pnpm', 'its program as a module', pnpm(), '.pnpmfile.mjs'],
  [
    'pnpm',
    'a workspace member',
    pnpm({ 'pnpm-workspace.yaml': 'packages:\n  - "packages/**"\n', 'packages/deep/a/package.json': pkg() }),
    'packages/deep/a/package.json',
  ],
  [
    'pnpm',
    'a patch that its settings name',
    pnpm({ 'pnpm-workspace.yaml': 'patchedDependencies:\n  mitt: fixes/mitt.patch\n', 'fixes/mitt.patch': '' }),
    'fixes/mitt.patch',
  ],
  [
    'pnpm',
    'a patch that the manifest names',
    pnpm({
      'package.json': pkg({ pnpm: { patchedDependencies: { mitt: 'fixes/mitt.patch' } } }),
      'fixes/mitt.patch': '',
    }),
    'fixes/mitt.patch',
  ],
  ['bun', 'the lock file', bun(), 'bun.lock'],
  ['bun', 'its settings', bun(), 'bunfig.toml'],
  ['bun', 'a patch', bun({ 'patches/mitt.patch': '' }), 'patches/mitt.patch'],
  ['bun', 'a workspace member', bun(WORKSPACE), 'packages/a/package.json'],
];

describe('a frontend is installed again after a change of', () => {
  it.each(ROWS)('%s: %s', async (tool, _, files, changed) => {
    const site = await siteOf(files);
    await site.install();
    expect(await site.inspect()).toMatchObject({ kind: 'satisfied' });
    await site.write(changed, changed.endsWith('package.json') ? pkg({ version: '2' }) : '# changed\n');
    expect(await site.inspect()).toMatchObject({
      kind: 'needed',
      reason: expect.stringContaining(`that ${tool} reads`),
    });
  });
});

describe('what an installation writes itself is no change', () => {
  it.each<readonly [NodeTool, string]>([
    ['npm', 'package-lock.json'],
    ['pnpm', 'pnpm-lock.yaml'],
    ['yarn', 'yarn.lock'],
    ['bun', 'bun.lock'],
  ])('%s: the lock file', async (tool, lock) => {
    const manifest = pkg({ packageManager: `${tool}@1.2.3` });
    const site = await siteOf({ 'package.json': manifest }, `mkdir -p node_modules; echo locked > ${lock}`);
    await site.install();
    expect(await site.inspect()).toMatchObject({ kind: 'satisfied' });
    await site.write(lock, 'changed');
    expect(await site.inspect()).toMatchObject({ kind: 'needed' });
  });

  it('the manifest', async () => {
    const site = await siteOf({ 'package.json': pkg() }, 'mkdir -p node_modules; echo " " >> package.json');
    await site.install();
    expect(await site.inspect()).toMatchObject({ kind: 'satisfied' });
  });
});

describe('without node_modules', () => {
  it("Plug'n'Play is installed until its map is gone", async () => {
    const site = await siteOf(yarn(), 'touch .pnp.cjs');
    await site.install();
    expect(await site.inspect()).toMatchObject({ kind: 'satisfied' });
    await rm(path.join(site.root, '.pnp.cjs'));
    expect(await site.inspect()).toMatchObject({
      kind: 'needed',
      reason: expect.stringContaining('.pnp.cjs is missing'),
    });
  });

  it('a frontend that needs none is installed', async () => {
    const site = await siteOf(npm(), 'true');
    await site.install();
    expect(await site.inspect()).toMatchObject({ kind: 'satisfied' });
  });

  it('one that was deleted is installed again', async () => {
    const site = await siteOf(npm());
    await site.install();
    await rm(path.join(site.root, 'node_modules'), { recursive: true });
    expect(await site.inspect()).toMatchObject({
      kind: 'needed',
      reason: expect.stringContaining('node_modules is missing'),
    });
  });
});
