import { describe, expect, it } from 'vitest';

import { planBackendInstall, type BackendInstall } from '../../../src/dependencies/install-backend.ts';
import type { PythonTool } from '../../../src/project/types.ts';

const INSTALL: Omit<BackendInstall, 'requirements' | 'tool' | 'uv'> = {
  interpreter: '/site/.venv/bin/python',
  venv: '/site/.venv',
  venvExists: false,
  basePython: '/python/bin/python3.12',
  baseFits: true,
  groups: [],
  extras: [],
  declared: [],
  toolsDirectory: '/tools',
};

const FILES: Readonly<Record<PythonTool, string>> = {
  pip: 'requirements.txt',
  uv: 'uv.lock',
  poetry: 'poetry.lock',
  pipenv: 'Pipfile.lock',
  pdm: 'pdm.lock',
};

const plan = (tool: PythonTool, given: Partial<BackendInstall> = {}) =>
  planBackendInstall({
    ...INSTALL,
    requirements: { tool, directory: '/site', files: [`/site/${FILES[tool]}`], inputs: [], reason: '' },
    tool: `/bin/${tool}`,
    uv: tool === 'uv' ? '/bin/uv' : null,
    ...given,
  });

const CREATE = ['/python/bin/python3.12', '-m', 'venv', '--clear', '/site/.venv'];

describe('the interpreter is what an environment is created with', () => {
  it.each(['pip', 'poetry', 'pipenv', 'pdm'] as const)('with %s', (tool) => {
    const [create, install, ...more] = plan(tool);
    expect([create?.program, ...(create?.args ?? [])]).toEqual(CREATE);
    expect(create?.creates).toBe('/site/.venv');
    expect(install?.program).not.toBe('/python/bin/python3.12');
    expect(more).toEqual([]);
  });

  it.each(['poetry', 'pipenv', 'pdm'] as const)('%s installs into that environment, also before it exists', (tool) => {
    expect(plan(tool).at(-1)?.env).toMatchObject({ VIRTUAL_ENV: '/site/.venv' });
  });

  it('with uv, which creates it with that interpreter', () => {
    const env = { UV_PROJECT_ENVIRONMENT: '/site/.venv', UV_PYTHON: '/python/bin/python3.12' };
    expect(plan('uv')).toMatchObject([{ program: '/bin/uv', env }]);
    expect(plan('uv', { venvExists: true })[0]?.env).not.toHaveProperty('UV_PYTHON');
  });

  it('unless the project excludes it: uv then finds or downloads one that fits', () => {
    const [command] = plan('uv', { baseFits: false });
    expect(Object.keys(command?.env ?? {})).toEqual(['UV_PROJECT_ENVIRONMENT']);
    expect(plan('uv')[0]?.env).toHaveProperty('UV_PYTHON_DOWNLOADS', 'never');
    expect(plan('uv', { baseFits: false, venvExists: true })[0]?.env).toHaveProperty('UV_PYTHON_DOWNLOADS', 'never');
  });

  it('with uv for requirement files', () => {
    expect(plan('pip', { uv: '/bin/uv' })[0]?.args).toContain('/python/bin/python3.12');
  });
});

describe('without an environment the packages go to the installation of the interpreter', () => {
  const own = { venv: null, interpreter: '/own/bin/python3', basePython: '/own/bin/python3', venvExists: true };

  it.each(['poetry', 'pipenv', 'pdm'] as const)('with %s', (tool) => {
    expect(plan(tool, own)).toMatchObject([{ program: `/bin/${tool}`, env: { VIRTUAL_ENV: '/own' } }]);
  });

  it('with uv, which removes none that are there', () => {
    const env = { UV_PROJECT_ENVIRONMENT: '/own', UV_PYTHON: '/own/bin/python3' };
    expect(plan('uv', own)).toMatchObject([{ args: expect.arrayContaining(['--inexact']), env }]);
  });
});
