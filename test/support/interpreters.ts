import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Python versions that devsetup supports and tests, the newest first. */
const VERSIONS = ['3.13', '3.12', '3.11', '3.10', '3.9'] as const;
export type PythonVersion = (typeof VERSIONS)[number];

/** An interpreter of this version: one that pyenv has installed, else the one on PATH. */
export const findInterpreter = (version: PythonVersion): string | undefined =>
  [...installedByPyenv(version), ...onPath(version)].find(isWorking);

const installedByPyenv = (version: PythonVersion): readonly string[] => {
  const versions = path.join(process.env['PYENV_ROOT'] ?? path.join(os.homedir(), '.pyenv'), 'versions');
  if (!existsSync(versions)) return [];
  return readdirSync(versions)
    .filter((name) => name.startsWith(`${version}.`))
    .map((name) => path.join(versions, name, 'bin/python'));
};

const onPath = (version: PythonVersion): readonly string[] =>
  (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, `python${version}`));

/** A pyenv shim exists for versions that are not active, and fails. */
const isWorking = (program: string): boolean =>
  existsSync(program) && spawnSync(program, ['-c', 'import ensurepip, venv'], { stdio: 'ignore' }).status === 0;
