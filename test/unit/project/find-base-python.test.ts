import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTree, type Tree } from './make-tree.ts';
import { brokenVenv, DEBIAN, python, pythonOf as find } from './python-of.ts';

const B = 'project/backend';

describe('a new environment is made with', () => {
  const several: Tree = { ...python('usr', 11, true), ...python('a', 10, true), ...python('b', 13, true) };
  const onPath = { path: ['usr/bin', 'a/bin', 'b/bin'] };
  const project = (requires: string): Tree => ({
    'project/pyproject.toml': `[project]\nrequires-python = "${requires}"\n`,
  });

  it.each<[string, Tree, string]>([
    ['the first python3', {}, 'usr/bin/python3'],
    ['the pinned version', { 'project/.python-version': '3.10.4\n' }, 'a/bin/python3.10'],
    [
      'the pinned version of the backend before that of the root',
      { 'project/.python-version': '3.13', [`${B}/.python-version`]: '3.10' },
      'a/bin/python3.10',
    ],
    [
      'the first python3 where the pinned version is not there',
      { 'project/.python-version': '3.9' },
      'usr/bin/python3',
    ],
    ['the first python3 where it suits', project('>=3.10'), 'usr/bin/python3'],
    ['one that suits', project('>=3.12'), 'b/bin/python3.13'],
    [
      'one that suits poetry',
      { 'project/pyproject.toml': '[tool.poetry.dependencies]\npython = "~3.10"\n' },
      'a/bin/python3.10',
    ],
    [
      'one that suits rather than the pinned one',
      { ...project('>=3.12'), 'project/.python-version': '3.10' },
      'b/bin/python3.13',
    ],
    ['the first python3 where none suits', project('>=3.14'), 'usr/bin/python3'],
    ['the first python3 where the pin is not a version', { 'project/.python-version': 'my-env' }, 'usr/bin/python3'],
  ])('%s', async (_, tree, expected) => {
    const { root, found } = await find({ ...several, ...tree }, onPath);
    expect(path.relative(root, found.basePython)).toBe(expected);
  });

  it('the interpreter the broken one was made from, where that is still there', async () => {
    const root = await makeTree({ ...python('official', 12, false) });
    const tree = {
      ...DEBIAN,
      ...brokenVenv(`${B}/.venv`),
      [`${B}/.venv/pyvenv.cfg`]: `home = ${root}/official/bin\nversion = 3.12.1\n`,
    };
    expect((await find(tree)).found.basePython).toBe(path.join(root, 'official/bin/python3.12'));
  });
});

describe('a script on PATH, as version managers put it there,', () => {
  const shim = (answer: string): Tree => ({
    'shims/python3': { program: `#!/bin/sh\necho noise\necho '${answer}'\n` },
  });

  it.each<[string, Tree, string]>([
    ['gets an environment, whatever it chooses: projects share that', shim('[12, null, true]'), `${B}/.venv`],
    ['leads to the environment it chooses', shim('[12, "/chosen/env", true]'), '/chosen/env'],
    [
      'is no Python of its own where it is a link to its manager',
      {
        'bin/manager': { program: '\u007fELF' },
        'shims/python3': { link: '../bin/manager' },
        'lib/python3.12/site-packages': null,
      },
      `${B}/.venv`,
    ],
    ['gets an environment where it does not', shim('[12, null, false]'), `${B}/.venv`],
    ['gets an environment where its answer is not understood', shim('what?'), `${B}/.venv`],
    ['gets an environment where it fails', { 'shims/python3': { program: '#!/bin/sh\nexit 1\n' } }, `${B}/.venv`],
  ])('%s', async (_, tree, expected) => {
    const { root, found } = await find(tree, { path: ['shims'] });
    expect(found.venv).toBe(path.resolve(root, expected));
  });
});
