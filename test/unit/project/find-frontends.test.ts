import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FrontendConfig } from '../../../src/config/config.ts';
import { DEFAULTS } from '../../../src/config/defaults.ts';
import { filterAsync, isFile } from '../../../src/project/files.ts';
import { findFrontends } from '../../../src/project/find-frontends.ts';
import type { Frontend } from '../../../src/project/types.ts';
import { makeTree, within, type Tree } from './make-tree.ts';

const pkg = (more: object = {}): string => JSON.stringify({ dependencies: { vue: '3' }, ...more });

const find = async (
  tree: Tree,
  frontends: readonly FrontendConfig[] | null = null,
  backend = '.',
): Promise<{ root: string; found: readonly Frontend[] }> => {
  const root = await makeTree(tree);
  const configured =
    frontends?.map((frontend) => ({ ...frontend, directory: path.join(root, frontend.directory) })) ?? null;
  const config = { ...DEFAULTS, frontends: configured };
  return { root, found: await findFrontends({ root, config, backendDirectory: path.join(root, backend) }) };
};

describe('frontends are', () => {
  it.each<[string, Tree, readonly string[]]>([
    ['none without a package.json', { 'a/x': '' }, []],
    ['none where nothing is to be installed', { 'package.json': '{"scripts": {}}' }, []],
    ['the root', { 'package.json': pkg() }, ['.']],
    ['the root with development tools only', { 'package.json': '{"devDependencies": {"devsetup": "1"}}' }, ['.']],
    ['one folder down', { 'web/package.json': pkg() }, ['web']],
    ['the root and a folder', { 'package.json': pkg(), 'web/package.json': pkg() }, ['.', 'web']],
    ['several folders', { 'web/package.json': pkg(), 'admin/package.json': pkg() }, ['admin', 'web']],
    ['in apps/', { 'apps/a/package.json': pkg(), 'apps/b/package.json': pkg() }, ['apps/a', 'apps/b']],
    ['not node_modules', { 'node_modules/x/package.json': pkg(), 'node_modules/package.json': pkg() }, []],
    ['not in a virtual environment', { 'v/pyvenv.cfg': '', 'v/package.json': pkg() }, []],
    [
      'not those of documentation, examples and tests',
      { 'docs/package.json': pkg(), 'example/package.json': pkg(), 'e2e/package.json': pkg() },
      [],
    ],
    ['not in hidden folders', { '.storybook/package.json': pkg() }, []],
    [
      'the root of a workspace only',
      {
        'package.json': pkg({ workspaces: ['apps/*', 'web'] }),
        'apps/a/package.json': pkg(),
        'web/package.json': pkg(),
      },
      ['.'],
    ],
    [
      'the root of a workspace without packages of its own',
      { 'package.json': '{"workspaces": {"packages": ["./web/"]}}', 'web/package.json': pkg() },
      ['.'],
    ],
    [
      'the root of a pnpm workspace only',
      { 'package.json': pkg(), 'pnpm-workspace.yaml': 'packages:\n  - "apps/**"\n', 'apps/a/package.json': pkg() },
      ['.'],
    ],
    [
      'a folder that is no member of the workspace',
      { 'package.json': pkg({ workspaces: ['packages/*', '!web'] }), 'web/package.json': pkg() },
      ['.', 'web'],
    ],
    ['one that is broken: its tool will say so', { 'web/package.json': '{"name": ' }, ['web']],
  ])('%s', async (_, tree, expected) => {
    expect((await find(tree)).found.map(({ name }) => name)).toEqual(expected);
  });

  it('also beside manage.py, deeper down', async () => {
    const tree: Tree = { 'src/api/manage.py': 'django', 'src/api/package.json': pkg() };
    expect((await find(tree, null, 'src/api')).found.map(({ name }) => name)).toEqual(['src/api']);
  });

  it('those that are configured', async () => {
    const tree: Tree = { 'package.json': pkg(), 'a/b/c/package.json': '{}' };
    const { found } = await find(tree, [{ directory: 'a/b/c', packageManager: 'pnpm' }]);
    expect(found).toMatchObject([{ name: 'a/b/c', tool: 'pnpm', lockFile: null }]);
  });

  it('none where configuration says so', async () => {
    expect((await find({ 'package.json': pkg() }, [])).found).toEqual([]);
  });

  it('a usage error where the configured folder has no package.json', async () => {
    const error = { code: 'FRONTEND_MISSING', exitCode: 2, message: expect.stringContaining('web') };
    await expect(find({}, [{ directory: 'web', packageManager: null }])).rejects.toMatchObject(error);
  });
});

describe('the tool is', () => {
  it.each<[string, Tree, string, string | null, string | null]>([
    ['npm without a lock file', {}, 'npm', null, null],
    ['npm', { 'package-lock.json': '{}' }, 'npm', null, 'package-lock.json'],
    ['npm with a shrinkwrap', { 'npm-shrinkwrap.json': '{}' }, 'npm', null, 'npm-shrinkwrap.json'],
    ['pnpm', { 'pnpm-lock.yaml': '' }, 'pnpm', null, 'pnpm-lock.yaml'],
    ['bun', { 'bun.lock': '' }, 'bun', null, 'bun.lock'],
    ['bun with the older lock file', { 'bun.lockb': '' }, 'bun', null, 'bun.lockb'],
    ['yarn 1', { 'yarn.lock': '# yarn lockfile v1\n' }, 'yarn', '1', 'yarn.lock'],
    ['yarn 4', { 'yarn.lock': '__metadata:\n  version: 8\n' }, 'yarn', '4', 'yarn.lock'],
    ['yarn 3', { 'yarn.lock': '__metadata:\n  version: 6\n  cacheKey: 8\n' }, 'yarn', '3', 'yarn.lock'],
    ['named by package.json', { 'package.json': pkg({ packageManager: 'pnpm@9.1.0+sha512.abc' }) }, 'pnpm', '9', null],
    [
      'named by package.json, whatever lock file there is',
      { 'package.json': pkg({ packageManager: 'yarn@4.1.0' }), 'package-lock.json': '{}' },
      'yarn',
      '4',
      null,
    ],
    [
      'npm where the named one is unknown here',
      { 'package.json': pkg({ packageManager: 'deno@2' }) },
      'npm',
      null,
      null,
    ],
  ])('%s', async (_, tree, tool, toolVersion, lockFile) => {
    const { root, found } = await find({ 'package.json': pkg(), ...tree });
    expect(found.map((one) => [one.tool, one.toolVersion, one.lockFile && path.relative(root, one.lockFile)])).toEqual([
      [tool, toolVersion, lockFile],
    ]);
  });
});

it('the inputs are lock file, manifests of the workspace and settings of the tool', async () => {
  const { root, found } = await find({
    'package.json': pkg({ workspaces: ['web'] }),
    'package-lock.json': '{}',
    '.npmrc': '',
    'web/package.json': pkg(),
    'other/package.json': pkg(),
  });
  expect(within(root, await filterAsync(found[0]?.inputs ?? [], isFile))).toEqual([
    'package-lock.json',
    '.npmrc',
    'package.json',
    'web/package.json',
  ]);
});
