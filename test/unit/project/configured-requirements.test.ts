import { describe, expect, it } from 'vitest';
import type { BackendConfig } from '../../../src/config/config.ts';
import { filterAsync, isFile } from '../../../src/project/files.ts';
import type { PythonTool } from '../../../src/project/types.ts';
import { within, type Tree } from './make-tree.ts';
import { requirementsOf as find } from './requirements-of.ts';

const UV = '[[package]]\nname = "django"\n';
const PIPENV = '{"default": {"django": {"version": "==5.2"}}}';
const PROJECT = '[project]\nname = "x"\ndependencies = ["Django>=5", "psycopg"]\n';
const TOOLS_ONLY = '[tool.ruff]\nline-length = 100\n';

describe('configuration', () => {
  const tree: Tree = {
    'uv.lock': UV,
    'requirements.txt': 'django',
    'backend/own.txt': 'django',
    'pyproject.toml': PROJECT,
  };

  it.each<[string, Partial<BackendConfig>, PythonTool, readonly string[]]>([
    [
      'names files',
      { requirements: ['backend/own.txt', 'requirements.txt'] },
      'pip',
      ['backend/own.txt', 'requirements.txt'],
    ],
    ['names a lock file', { requirements: ['uv.lock'] }, 'uv', ['uv.lock']],
    ['names pip', { installer: 'pip' }, 'pip', ['requirements.txt']],
    ['names uv', { installer: 'uv' }, 'uv', ['uv.lock']],
    [
      'names uv for requirement files',
      { installer: 'uv', requirements: ['requirements.txt'] },
      'pip',
      ['requirements.txt'],
    ],
    ['names poetry, which reads pyproject.toml', { installer: 'poetry' }, 'poetry', ['pyproject.toml']],
  ])('that %s decides', async (_, config, tool, files) => {
    const { root, found } = await find(tree, 'backend', config);
    expect(found?.tool).toBe(tool);
    expect(within(root, found?.files ?? [])).toEqual(files);
  });

  it('with the installer none installs nothing', async () => {
    expect((await find(tree, '.', { installer: 'none' })).found).toBeNull();
  });

  it('that names a file that does not exist is a usage error', async () => {
    const error = { code: 'REQUIREMENTS_MISSING', exitCode: 2, message: expect.stringContaining('nope.txt') };
    await expect(find(tree, '.', { requirements: ['nope.txt'] })).rejects.toMatchObject(error);
  });

  it('that names a tool with nothing to install is a usage error', async () => {
    await expect(find(tree, '.', { installer: 'pipenv' })).rejects.toMatchObject({ code: 'REQUIREMENTS_MISSING' });
  });
});

describe('the inputs', () => {
  it.each<[string, Tree, readonly string[]]>([
    [
      'are requirement files with all they include',
      {
        'requirements/dev.txt':
          '-r base.txt\n-c ../constraints.txt # pins\n-r https://example.org/x.txt\n-rmore.txt\n--requirement=missing.txt',
        'requirements/base.txt': '--requirement dev.txt\ndjango',
        'requirements/more.txt': '',
        'constraints.txt': '',
      },
      ['requirements/dev.txt', 'requirements/base.txt', 'constraints.txt', 'requirements/more.txt'],
    ],
    [
      'are the package itself, where it is installed from the requirements',
      { 'requirements.txt': 'django\n-e .[dev]', 'pyproject.toml': TOOLS_ONLY, 'setup.py': '' },
      ['requirements.txt', 'pyproject.toml', 'setup.py'],
    ],
    ['are lock file and manifest', { 'uv.lock': UV, 'pyproject.toml': PROJECT }, ['uv.lock', 'pyproject.toml']],
    ['are Pipfile and its lock', { 'Pipfile.lock': PIPENV, Pipfile: '' }, ['Pipfile.lock', 'Pipfile']],
  ])('%s', async (_, tree, inputs) => {
    const { root, found } = await find(tree, '.');
    expect(within(root, await filterAsync(found?.inputs ?? [], isFile))).toEqual(inputs);
  });

  it('come with the reason for the choice and what was passed over', async () => {
    const { found } = await find({ 'uv.lock': UV, 'requirements.txt': 'django' }, '.');
    expect(found?.reason).toBe('uv.lock (lock file of uv); not used: requirements.txt');
  });
});
