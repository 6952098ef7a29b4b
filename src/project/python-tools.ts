import path from 'node:path';
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

/** True for tools that keep one environment per project and create it themselves. */
export const managesEnvironment = (tool: PythonTool): boolean => tool !== 'pip';
