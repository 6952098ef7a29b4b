import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PythonEnvironment } from '../../../src/project/types.ts';
import type { Tree } from './make-tree.ts';
import { brokenVenv, DEBIAN, OFFICIAL, pythonOf as find, venv, type Case } from './python-of.ts';

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
    ['the system where it takes packages', OFFICIAL, { path: ['official/bin'] }, system('official/bin/python3')],
    [
      'the first on PATH',
      { ...DEBIAN, ...OFFICIAL },
      { path: ['official/bin', 'usr/bin'] },
      system('official/bin/python3'),
    ],
    ['a new environment of uv', OFFICIAL, { path: ['official/bin'], tool: 'uv' }, created('project/.venv')],
    ['a new environment of poetry', OFFICIAL, { path: ['official/bin'], tool: 'poetry' }, created('project/.venv')],
    ['the system for pip', OFFICIAL, { path: ['official/bin'], tool: 'pip' }, system('official/bin/python3')],
    [
      'the environment that PATH leads to',
      { ...venv('v'), 'v/bin/python3': { link: 'python' } },
      { path: ['v/bin'] },
      { ...existing('v', 'PATH'), interpreter: 'v/bin/python3' },
    ],
    [
      'the configured interpreter',
      OFFICIAL,
      { config: { python: 'official/bin/python3' } },
      { ...system('official/bin/python3'), source: 'configuration' },
    ],
    [
      'the configured program on PATH',
      { ...DEBIAN, ...OFFICIAL },
      { path: ['usr/bin', 'official/bin'], config: { python: 'python3.12' } },
      { ...system('official/bin/python3.12'), source: 'configuration' },
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
});
