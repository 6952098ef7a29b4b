import { describe, expect, it } from 'vitest';
import { findVenvFault, shebangInterpreter, type VenvFault } from '../../../src/project/find-venv-fault.ts';
import { makeTree, type Tree } from './make-tree.ts';

const PYTHON = { program: '' };

const faultOf = async (tree: Tree, exists = true): Promise<readonly [VenvFault | null, string]> => {
  const root = await makeTree({ 'opt/bin/python3.12': PYTHON, 'opt/bin/python3.11': PYTHON, ...tree });
  return [await findVenvFault({ venv: `${root}/.venv`, interpreter: `${root}/.venv/bin/python`, exists }), root];
};

/** Scripts hold absolute paths, which are known only once the folder is there: `%` stands for a link to it. */
const whole = (python = 'python3.12'): Tree => ({
  '.venv/pyvenv.cfg': 'version = 3.12.1\n',
  '.venv/bin/python': { link: `../../opt/bin/${python}` },
  '.venv/lib/python3.12/site-packages': null,
});

describe('no fault', () => {
  it.each<[string, Tree, boolean?]>([
    ['a whole one', whole()],
    ['no folder', {}, false],
    ['a folder that is none', { '.venv/.keep': '' }, false],
    ['one without packages yet', { '.venv/pyvenv.cfg': '', '.venv/bin/python': PYTHON }],
    ['packages of several Pythons', { ...whole(), '.venv/lib/python3.11/site-packages': null }],
    [
      'an interpreter that tells no version',
      { ...whole(), '.venv/bin/python': { link: '../../opt/bin/pypy' }, 'opt/bin/pypy': PYTHON },
    ],
    ['a script of the system', { ...whole(), '.venv/bin/pip': '#!/usr/bin/env python3\n' }],
    [
      'a relocatable script',
      { ...whole(), '.venv/bin/pip': `#!/bin/sh\n'''exec' "$(dirname -- "$0")/python" "$0" "$@"\n` },
    ],
  ])('%s', async (_, tree, exists = true) => {
    expect((await faultOf(tree, exists))[0]).toBeNull();
  });
});

it('a link to an interpreter that is gone', async () => {
  const [fault, root] = await faultOf(
    {
      '.venv/pyvenv.cfg': '',
      '.venv/bin/python': { link: 'python3' },
      '.venv/bin/python3': { link: '../../gone/bin/python3.10' },
    },
    false,
  );
  expect(fault).toEqual({ kind: 'interpreter-gone', target: `${root}/gone/bin/python3.10` });
});

it('no interpreter at all', async () => {
  const [fault] = await faultOf({ '.venv/pyvenv.cfg': '', '.venv/Scripts/python.exe': '' }, false);
  expect(fault).toEqual({ kind: 'interpreter-gone', target: null });
});

it('an interpreter that was replaced by another version', async () => {
  const [fault] = await faultOf(whole('python3.11'));
  expect(fault).toEqual({ kind: 'other-version', packages: [12], interpreter: 11 });
});

describe('moved', () => {
  it('from where nothing is any more', async () => {
    const [fault] = await faultOf({ ...whole(), '.venv/bin/pip': '#!/build/.venv/bin/python3\nimport sys\n' });
    expect(fault).toEqual({ kind: 'moved', program: 'pip', interpreter: '/build/.venv/bin/python3' });
  });

  it('or copied from another checkout', async () => {
    const root = await makeTree({ 'other/.venv/pyvenv.cfg': '', 'other/.venv/bin/python': PYTHON });
    const script = `#!${root}/other/.venv/bin/python\n`;
    const [fault] = await faultOf({ ...whole(), '.venv/bin/django-admin': script });
    expect(fault).toMatchObject({ kind: 'moved', program: 'django-admin' });
  });

  it('not, where the folder is reached by a link', async () => {
    const root = await makeTree({
      'real/.venv/pyvenv.cfg': '',
      'real/.venv/bin/python': PYTHON,
      link: { link: 'real' },
    });
    const { writeFile } = await import('node:fs/promises');
    await writeFile(`${root}/real/.venv/bin/pip`, `#!${root}/link/.venv/bin/python\n`);
    const venv = `${root}/real/.venv`;
    expect(await findVenvFault({ venv, interpreter: `${venv}/bin/python`, exists: true })).toBeNull();
  });
});

it.each([
  ['#!/a/.venv/bin/python\nx', '/a/.venv/bin/python'],
  ['#! /a/bin/python3 -I\n', '/a/bin/python3'],
  [`#!/bin/sh\n'''exec' "/a b/.venv/bin/python" "$0" "$@"\n`, '/a b/.venv/bin/python'],
  [`#!/bin/sh\n'''exec' /very/long/.venv/bin/python "$0" "$@"\n`, '/very/long/.venv/bin/python'],
  [`#!/bin/sh\n'''exec' "$(dirname "$0")/python" "$0" "$@"\n`, null],
  ['#!/bin/sh\necho\n', null],
  ['', null],
])('starts with: %j', (script, interpreter) => {
  expect(shebangInterpreter(script)).toBe(interpreter);
});
