import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PythonTool } from '../../../src/project/types.ts';
import { within, type Tree } from './make-tree.ts';
import { requirementsOf as find } from './requirements-of.ts';

const UV = '[[package]]\nname = "django"\n';
const POETRY = '[[package]]\nname = "Django"\nversion = "5.2"\n';
const PIPENV = '{"default": {"django": {"version": "==5.2"}}}';
const PROJECT = '[project]\nname = "x"\ndependencies = ["Django>=5", "psycopg"]\n';
const POETRY_PROJECT = '[tool.poetry.dependencies]\npython = "^3.11"\ndjango = "^5"\n';
const TOOLS_ONLY = '[tool.ruff]\nline-length = 100\n';

type Row = [what: string, backend: string, tree: Tree, tool: PythonTool, directory: string, files: readonly string[]];

describe('the backend is installed from', () => {
  it.each<Row>([
    ['uv.lock', '.', { 'uv.lock': UV, 'pyproject.toml': PROJECT }, 'uv', '.', ['uv.lock']],
    ['poetry.lock', '.', { 'poetry.lock': POETRY, 'pyproject.toml': POETRY_PROJECT }, 'poetry', '.', ['poetry.lock']],
    ['Pipfile.lock', '.', { 'Pipfile.lock': PIPENV, Pipfile: 'django = "*"' }, 'pipenv', '.', ['Pipfile.lock']],
    ['pdm.lock', '.', { 'pdm.lock': UV, 'pyproject.toml': PROJECT }, 'pdm', '.', ['pdm.lock']],
    ['uv.lock before poetry.lock', '.', { 'uv.lock': UV, 'poetry.lock': POETRY }, 'uv', '.', ['uv.lock']],
    [
      'a lock before requirements.txt',
      '.',
      { 'poetry.lock': POETRY, 'requirements.txt': 'django' },
      'poetry',
      '.',
      ['poetry.lock'],
    ],
    [
      'the lock of the root, for a nested backend',
      'backend',
      { 'uv.lock': UV, 'backend/pyproject.toml': PROJECT },
      'uv',
      '.',
      ['uv.lock'],
    ],
    [
      'the lock nearest to manage.py',
      'backend',
      { 'uv.lock': UV, 'backend/poetry.lock': POETRY },
      'poetry',
      'backend',
      ['backend/poetry.lock'],
    ],
    [
      'requirements.txt rather than the lock of something else',
      'backend',
      { 'uv.lock': 'name = "mkdocs"', 'backend/requirements.txt': 'Django==5' },
      'pip',
      'backend',
      ['backend/requirements.txt'],
    ],
    ['requirements.txt', '.', { 'requirements.txt': 'django' }, 'pip', '.', ['requirements.txt']],
    [
      'requirements.txt of the root, for a nested backend',
      'src',
      { 'requirements.txt': 'django' },
      'pip',
      '.',
      ['requirements.txt'],
    ],
    [
      'requirements.txt between the root and the backend',
      'server/src',
      { 'server/requirements.txt': 'django' },
      'pip',
      'server',
      ['server/requirements.txt'],
    ],
    [
      'requirements.txt in a folder beside',
      'src',
      { 'deploy/requirements.txt': 'django', 'src/x.py': '' },
      'pip',
      'deploy',
      ['deploy/requirements.txt'],
    ],
    [
      'the nearest requirements.txt',
      'backend',
      { 'requirements.txt': 'django', 'backend/requirements.txt': 'django' },
      'pip',
      'backend',
      ['backend/requirements.txt'],
    ],
    [
      'the one that names Django',
      'backend',
      { 'requirements.txt': 'django', 'backend/requirements.txt': 'black' },
      'pip',
      '.',
      ['requirements.txt'],
    ],
    [
      'base and development',
      '.',
      { 'requirements.txt': 'django', 'requirements-dev.txt': 'pytest' },
      'pip',
      '.',
      ['requirements.txt', 'requirements-dev.txt'],
    ],
    [
      'development that includes base',
      '.',
      { 'requirements.txt': 'django', 'requirements-dev.txt': '-r requirements.txt\npytest' },
      'pip',
      '.',
      ['requirements-dev.txt'],
    ],
    [
      'dev-requirements.txt',
      '.',
      { 'requirements.txt': 'django', 'dev-requirements.txt': 'pytest' },
      'pip',
      '.',
      ['requirements.txt', 'dev-requirements.txt'],
    ],
    [
      'requirements/development.txt',
      '.',
      {
        'requirements/base.txt': 'django',
        'requirements/development.txt': '-r base.txt',
        'requirements/production.txt': '-r base.txt',
      },
      'pip',
      '.',
      ['requirements/development.txt'],
    ],
    [
      'requirements/local.txt',
      '.',
      {
        'requirements/base.txt': 'django',
        'requirements/local.txt': '-r ./base.txt',
        'requirements/production.txt': '-r base.txt',
      },
      'pip',
      '.',
      ['requirements/local.txt'],
    ],
    [
      'requirements/local.txt where the root is for production',
      '.',
      {
        'requirements.txt': '-r requirements/production.txt',
        'requirements/base.txt': 'django',
        'requirements/local.txt': '-r base.txt',
        'requirements/production.txt': '-r base.txt',
      },
      'pip',
      '.',
      ['requirements/local.txt'],
    ],
    [
      'requirements/base.txt and dev.txt',
      '.',
      { 'requirements/base.txt': 'django', 'requirements/dev.txt': 'pytest' },
      'pip',
      '.',
      ['requirements/base.txt', 'requirements/dev.txt'],
    ],
    [
      'development over several includes',
      '.',
      {
        'requirements/base.txt': 'django',
        'requirements/test.txt': '-r base.txt',
        'requirements/dev.txt': '-r test.txt',
      },
      'pip',
      '.',
      ['requirements/dev.txt'],
    ],
    [
      'base rather than production',
      '.',
      { 'requirements/base.txt': 'django', 'requirements/production.txt': '-r base.txt\ngunicorn' },
      'pip',
      '.',
      ['requirements/base.txt'],
    ],
    [
      'production, if there is nothing else',
      '.',
      { 'requirements/production.txt': 'django' },
      'pip',
      '.',
      ['requirements/production.txt'],
    ],
    [
      'a file of another name that names Django',
      '.',
      { 'requirements/api.txt': 'django', 'requirements/worker.txt': 'celery' },
      'pip',
      '.',
      ['requirements/api.txt'],
    ],
    [
      'requirements of the root folder, for a nested backend',
      'app',
      { 'requirements/base.txt': 'django', 'requirements/dev.txt': '-r base.txt' },
      'pip',
      '.',
      ['requirements/dev.txt'],
    ],
    ['pyproject.toml', '.', { 'pyproject.toml': PROJECT }, 'pip', '.', ['pyproject.toml']],
    [
      'pyproject.toml of poetry without a lock',
      '.',
      { 'pyproject.toml': POETRY_PROJECT },
      'poetry',
      '.',
      ['pyproject.toml'],
    ],
    [
      'requirements.txt beside a pyproject.toml of tools',
      '.',
      { 'pyproject.toml': TOOLS_ONLY, 'requirements.txt': 'django' },
      'pip',
      '.',
      ['requirements.txt'],
    ],
    ['Pipfile without a lock', '.', { Pipfile: '[packages]\ndjango = "*"' }, 'pipenv', '.', ['Pipfile']],
  ])('%s', async (_, backend, tree, tool, directory, files) => {
    const { root, found } = await find(tree, backend);
    expect(found && { tool: found.tool, directory: found.directory, files: within(root, found.files) }).toEqual({
      tool,
      directory: path.join(root, directory),
      files,
    });
  });

  it.each<[string, Tree]>([
    ['there is nothing', {}],
    ['pyproject.toml has tools only', { 'pyproject.toml': TOOLS_ONLY }],
    ['pyproject.toml is broken', { 'pyproject.toml': '[project' }],
    ['requirements are those of the documentation', { 'docs/requirements.txt': 'sphinx' }],
    ['requirements are in a virtual environment', { 'v/pyvenv.cfg': 'home = /x', 'v/requirements.txt': 'django' }],
    ['requirements are those of another backend', { 'other/manage.py': 'django', 'other/requirements.txt': 'django' }],
  ])('nothing where %s', async (_, tree) => {
    expect((await find(tree, '.')).found).toBeNull();
  });
});
