import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import type { RunCommand } from '../process/run-command.ts';
import type { PythonEnvironment, Requirements } from './types.ts';

export interface FindPythonOptions {
  readonly root: string;
  readonly config: Pick<Config, 'backend' | 'file'>;
  readonly environment: Environment;
  readonly backendDirectory: string;
  readonly requirements: Requirements | null;
  readonly runCommand?: RunCommand;
  readonly platform?: string;
  readonly imageVenvs?: readonly string[];
}

export const findPython = async (_options: FindPythonOptions): Promise<PythonEnvironment> => ({
  interpreter: '/usr/bin/python3',
  venv: null,
  exists: true,
  source: 'PATH',
  basePython: '/usr/bin/python3',
});
