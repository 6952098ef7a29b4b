import path from 'node:path';
import { filterAsync, isFile } from './files.ts';
import type { PythonTool } from './types.ts';

/** Lock files with the tool that writes them; of several in one folder the first is used. */
export const LOCK_FILES: Readonly<Record<string, PythonTool>> = {
  'uv.lock': 'uv',
  'poetry.lock': 'poetry',
  'pdm.lock': 'pdm',
  'Pipfile.lock': 'pipenv',
};

/** null: not a lock file. */
export const lockFileTool = (file: string): PythonTool | null =>
  LOCK_FILES[path.basename(file)] ?? (path.basename(file) === 'Pipfile' ? 'pipenv' : null);

/** What a tool reads beside its lock file. */
const SETTINGS: Readonly<Record<PythonTool, readonly string[]>> = {
  uv: ['pyproject.toml', 'uv.toml', '.python-version'],
  poetry: ['pyproject.toml', 'poetry.toml'],
  pdm: ['pyproject.toml', 'pdm.toml'],
  pipenv: ['Pipfile'],
  pip: ['pyproject.toml', 'setup.cfg', 'setup.py'],
};

/** The existing files that decide what the tool installs from these lock files or manifests. */
export const toolInputs = async (
  tool: PythonTool,
  directory: string,
  files: readonly string[],
): Promise<readonly string[]> =>
  files.length === 0
    ? []
    : filterAsync([...files, ...SETTINGS[tool].map((name) => path.join(directory, name))], isFile);

/** True for tools that keep one environment per project and create it themselves. */
export const managesEnvironment = (tool: PythonTool): boolean => tool !== 'pip';
