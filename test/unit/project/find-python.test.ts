import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PythonEnvironment } from '../../../src/project/types.ts';
import type { Tree } from './make-tree.ts';
import { brokenVenv, DEBIAN, OFFICIAL, python, pythonOf as find, venv, type Case } from './python-of.ts';

const B = 'project/backend';

type Expected = Pick<PythonEnvironment, 'source' | 'exists'> & {
  readonly interpreter: string;
  readonly venv: string | null;
};
type Row = [what: string, tree: Tree, options: Case, expected: Expected];

const existing = (directory: string, source: PythonEnvironment['source'] = '.venv'): Expected => ({
  interpreter: `${directory}/bin/python`,
  venv: directory,
  exists: true,
  source,
});
const created = (directory: string, source: PythonEnvironment['source'] = 'to be created'): Expected => ({
  ...existing(directory, source),
  exists: false,
});
const system = (interpreter: string): Expected => ({ interpreter, venv: null, exists: true, source: 'PATH' });

describe('Python is', () => {
  it.each<Row>([
    [
      'the active environment',
      { ...venv('v'), ...venv(`${B}/.venv`) },
      { env: { VIRTUAL_ENV: 'v' } },
      existing('v', 'VIRTUAL_ENV'),
    ],
    [
      'not an active environment that is gone',
      venv(`${B}/.venv`),
      { env: { VIRTUAL_ENV: 'v' } },
      existing(`${B}/.venv`),
    ],
    [
      'not an active environment that is broken',
      { ...brokenVenv('v'), ...venv(`${B}/.venv`) },
      { env: { VIRTUAL_ENV: 'v' } },
      existing(`${B}/.venv`),
    ],
    ['.venv beside manage.py', venv(`${B}/.venv`), {}, existing(`${B}/.venv`)],
    ['venv beside manage.py', venv(`${B}/venv`), {}, existing(`${B}/venv`)],
    ['env beside manage.py', venv(`${B}/env`), {}, existing(`${B}/env`)],
    ['.env beside manage.py', venv(`${B}/.env`), {}, existing(`${B}/.env`)],
    ['.venv in the root', venv('project/.venv'), {}, existing('project/.venv')],
    [
      'that of the backend before that of the root',
      { ...venv('project/.venv'), ...venv(`${B}/venv`) },
      {},
      existing(`${B}/venv`),
    ],
    [
      'that of the tool before that of the backend',
      { ...venv('project/.venv'), ...venv(`${B}/venv`) },
      { tool: 'uv' },
      existing('project/.venv'),
    ],
    [
      'a working one rather than a broken one',
      { ...brokenVenv(`${B}/.venv`), ...venv('project/.venv') },
      {},
      existing('project/.venv'),
    ],
    ['that of the image', { ...DEBIAN, ...venv('opt/venv') }, {}, existing('opt/venv', '/venv')],
    [
      'that of the project before that of the image',
      { ...venv(`${B}/.venv`), ...venv('opt/venv') },
      {},
      existing(`${B}/.venv`),
    ],
    ['made anew where its interpreter is gone', { ...DEBIAN, ...brokenVenv(`${B}/venv`) }, {}, created(`${B}/venv`)],
    [
      'not a folder called .env or env that is something else',
      { ...DEBIAN, [`${B}/.env`]: 'A=1', [`${B}/env/x`]: '' },
      {},
      created(`${B}/.venv`),
    ],
    ['a new environment where the system takes no packages', DEBIAN, {}, created(`${B}/.venv`)],
    ['a new environment where it takes packages', OFFICIAL, { path: ['official/bin'] }, created(`${B}/.venv`)],
    [
      'a new environment in a container without Django',
      OFFICIAL,
      { path: ['official/bin'], isContainer: true },
      created(`${B}/.venv`),
    ],
    [
      'the Python of an image that has Django',
      python('official', 12, { django: true }),
      { path: ['official/bin'], isContainer: true },
      system('official/bin/python3'),
    ],
    [
      'a new environment where that is no container',
      python('official', 12, { django: true }),
      { path: ['official/bin'] },
      created(`${B}/.venv`),
    ],
    [
      'a new environment where the Python of an image is marked as externally managed',
      python('official', 12, { django: true, managed: true }),
      { path: ['official/bin'], isContainer: true },
      created(`${B}/.venv`),
    ],
    [
      'the one on PATH that has Django where nothing is installed',
      python('usr', 11, { django: true, managed: true }),
      { tool: null },
      system('usr/bin/python3'),
    ],
    ['a new environment of uv', OFFICIAL, { path: ['official/bin'], tool: 'uv' }, created('project/.venv')],
    ['a new environment of poetry', OFFICIAL, { path: ['official/bin'], tool: 'poetry' }, created('project/.venv')],
    [
      'the environment that PATH leads to',
      { ...venv('v'), 'v/bin/python3': { link: 'python' } },
      { path: ['v/bin'] },
      { ...existing('v', 'PATH'), interpreter: 'v/bin/python3' },
    ],
    [
      'a new environment beside a configured interpreter',
      OFFICIAL,
      { config: { python: 'official/bin/python3' } },
      created(`${B}/.venv`),
    ],
    [
      'that of the project beside a configured interpreter',
      { ...OFFICIAL, ...venv('project/.venv'), ...venv('v') },
      { config: { python: 'official/bin/python3' }, env: { VIRTUAL_ENV: 'v' } },
      existing('project/.venv'),
    ],
    [
      'the configured interpreter where nothing is installed',
      OFFICIAL,
      { config: { python: 'official/bin/python3' }, tool: null },
      { ...system('official/bin/python3'), source: 'configuration' },
    ],
    [
      'the configured interpreter itself where the configuration says so',
      { ...OFFICIAL, ...venv(`${B}/.venv`), 'linked/python': { link: '../official/bin/python3' } },
      { config: { python: 'linked/python', withoutVenv: true } },
      { ...system('official/bin/python3.12'), source: 'configuration' },
    ],
    [
      'the environment of a configured interpreter, also where none is asked for',
      venv('v'),
      { config: { python: 'v/bin/python', withoutVenv: true } },
      existing('v', 'configuration'),
    ],
    [
      'the configured interpreter of an environment',
      venv('v'),
      { config: { python: 'v/bin/python' } },
      existing('v', 'configuration'),
    ],
    [
      'the configured environment',
      { ...venv('v'), ...venv(`${B}/.venv`) },
      { config: { venv: 'v' } },
      existing('v', 'configuration'),
    ],
    [
      'the configured environment, to be created',
      { ...DEBIAN, ...venv(`${B}/.venv`) },
      { config: { venv: 'new/v' } },
      created('new/v', 'configuration'),
    ],
    [
      'the configured environment, to be created anew',
      { ...DEBIAN, ...brokenVenv('v') },
      { config: { venv: 'v' } },
      created('v', 'configuration'),
    ],
  ])('%s', async (_, tree, options, expected) => {
    const { root, found } = await find(tree, options);
    const { basePython: __, ...rest } = found;
    expect({
      ...rest,
      interpreter: path.relative(root, rest.interpreter),
      venv: rest.venv && path.relative(root, rest.venv),
    }).toEqual(expected);
  });

  it('nowhere: that is an error with a next step', async () => {
    await expect(find({ empty: null }, { path: ['empty'] })).rejects.toMatchObject({
      code: 'PYTHON_MISSING',
      hint: expect.stringContaining('backend'),
    });
  });

  it('not needed on PATH where there is an environment', async () => {
    const { found } = await find({ ...venv(`${B}/.venv`), empty: null }, { path: ['empty'] });
    expect(found.exists).toBe(true);
  });

  it('configured and missing: that is a usage error', async () => {
    const error = { code: 'PYTHON_MISSING', exitCode: 2, message: expect.stringContaining('python3.99') };
    await expect(find(DEBIAN, { config: { python: 'python3.99' } })).rejects.toMatchObject(error);
  });

  it('configured and not starting: the usage error says how it ends', async () => {
    const tree = { 'shims/python3.12': { program: '#!/bin/sh\necho "manager: 3.12 is not installed"\nexit 127\n' } };
    await expect(find(tree, { path: ['shims'], config: { python: 'python3.12' } })).rejects.toMatchObject({
      code: 'PYTHON_MISSING',
      exitCode: 2,
      message: expect.stringMatching(
        /python3\.12, which does not start:\n.*exit code 127: manager: 3\.12 is not installed/,
      ),
    });
  });
});

describe('an interpreter that others use takes no packages itself', () => {
  it.each<[string, Tree, string, RegExp]>([
    ['one with the marker of PEP 668', python('own', 12, { managed: true }), 'own', /externally managed \(PEP 668\)/],
    ['one of pyenv', python('.pyenv/versions/3.12.1', 12), '.pyenv/versions/3.12.1', /pyenv shares it/],
    ['one of pyenv at a place of its own', python('py/versions/3.12.1', 12), 'py/versions/3.12.1', /pyenv shares it/],
    ['one of mise', python('mise/installs/python/3.12.1', 12), 'mise/installs/python/3.12.1', /mise shares it/],
    ['one of Homebrew', python('Cellar/python@3.12/3.12.1', 12), 'Cellar/python@3.12/3.12.1', /Homebrew shares it/],
    ['the base environment of conda', { ...python('c', 12), 'c/conda-meta': null, 'c/condabin': null }, 'c', /conda/],
  ])('%s', async (_, tree, prefix, reason) => {
    const options: Case = { config: { python: `${prefix}/bin/python3` }, env: { PYENV_ROOT: 'py' } };
    expect((await find(tree, options)).found).toMatchObject({ exists: false, source: 'to be created' });
    const asked = { ...options, config: { ...options.config, withoutVenv: true } };
    await expect(find(tree, asked)).rejects.toMatchObject({
      code: 'PYTHON_SHARED',
      exitCode: 2,
      message: expect.stringMatching(reason),
      hint: expect.stringContaining('Remove "withoutVenv"'),
    });
  });

  it('but another environment of conda is one of its own', async () => {
    const { root, found } = await find(
      { ...python('c/envs/a', 12), 'c/envs/a/conda-meta': null },
      { path: ['c/envs/a/bin'] },
    );
    expect(found).toMatchObject({ venv: path.join(root, 'c/envs/a'), exists: true, source: 'PATH' });
  });
});
