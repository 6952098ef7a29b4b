import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findRoot } from '../../../src/project/find-root.ts';
import { makeTree, type Tree } from './make-tree.ts';

describe('the project root', () => {
  it.each<[string, Tree, string, string]>([
    ['is the checkout', { '.git': null, 'a/b/x': '' }, 'a/b', '.'],
    ['is the checkout, seen from inside the backend', { '.git': null, 'backend/manage.py': '' }, 'backend', '.'],
    ['is a worktree, where .git is a file', { '.git': 'gitdir: x', 'a/x': '' }, 'a', '.'],
    ['is the folder of the configuration', { '.git': null, 'a/devsetup.config.jsonc': '{}', 'a/b/x': '' }, 'a/b', 'a'],
    [
      'is the folder of package.json#devsetup',
      { '.git': null, 'a/package.json': '{"devsetup":{}}', 'a/b/x': '' },
      'a/b',
      'a',
    ],
    ['is not a folder with any package.json', { '.git': null, 'a/package.json': '{}' }, 'a', '.'],
    ['is never outside the checkout', { 'devsetup.config.json': '{}', 'a/.git': null, 'a/b/x': '' }, 'a/b', 'a'],
    ['is the inner one of two checkouts', { '.git': null, 'sub/.git': 'gitdir: x', 'sub/a/x': '' }, 'sub/a', 'sub'],
  ])('%s', async (_, tree, cwd, expected) => {
    const root = await makeTree(tree);
    expect(await findRoot({ cwd: path.join(root, cwd) })).toBe(path.join(root, expected));
  });

  it('is the folder of manage.py where there is no checkout', async () => {
    const root = await makeTree({ 'a/manage.py': '', 'a/b/c/x': '' });
    expect(await findRoot({ cwd: path.join(root, 'a/b/c') })).toBe(path.join(root, 'a'));
  });

  it('is the folder devsetup was started in where there is nothing', async () => {
    const root = await makeTree({ 'a/x': '' });
    expect(await findRoot({ cwd: path.join(root, 'a') })).toBe(path.join(root, 'a'));
  });

  it('is what --project says, whatever lies around it', async () => {
    const root = await makeTree({ '.git': null, 'a/b/x': '' });
    expect(await findRoot({ cwd: root, project: 'a/b' })).toBe(path.join(root, 'a/b'));
  });

  it.each(['nowhere', 'file'])('cannot be %s', async (project) => {
    const root = await makeTree({ file: '' });
    await expect(findRoot({ cwd: root, project })).rejects.toMatchObject({ code: 'PROJECT_MISSING', exitCode: 2 });
  });
});
