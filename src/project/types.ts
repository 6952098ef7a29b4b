import type { ProjectChoice } from './find-manage-py.ts';

/** What was found in the checkout (and what configuration says instead). All paths are absolute. */
export interface Project {
  readonly root: string;
  readonly backend: Backend;
  readonly frontends: readonly Frontend[];
}

export interface Backend {
  readonly managePy: string;
  /** The folder of manage.py: the working directory of everything Django. */
  readonly directory: string;
  /** Why this one where there are several, and which others there are. */
  readonly choice?: ProjectChoice | undefined;
  readonly python: PythonEnvironment;
  /** null: no requirement file was found; nothing is installed. */
  readonly requirements: Requirements | null;
}

export interface PythonEnvironment {
  /** The interpreter to run; with `exists: false` the one that will be there once the virtual environment is made. */
  readonly interpreter: string;
  /** null: no virtual environment, the interpreter's own site-packages. */
  readonly venv: string | null;
  readonly exists: boolean;
  readonly source: 'configuration' | 'VIRTUAL_ENV' | '.venv' | '/venv' | 'PATH' | 'to be created';
  /** The interpreter a virtual environment is created with. */
  readonly basePython: string;
}

export type PythonTool = 'uv' | 'poetry' | 'pipenv' | 'pdm' | 'pip';

export interface Requirements {
  readonly tool: PythonTool;
  /** Where the tool runs. */
  readonly directory: string;
  /** The lock file or the requirement files, in the order they are installed. */
  readonly files: readonly string[];
  /** Every file whose content decides the result, whether it exists or not: see inputs/python-inputs.ts. */
  readonly inputs: readonly string[];
  /** Why these, for --verbose. */
  readonly reason: string;
}

export type NodeTool = 'npm' | 'pnpm' | 'yarn' | 'bun';

export interface Frontend {
  readonly directory: string;
  /** Path relative to the root, `.` for the root itself. */
  readonly name: string;
  /** Its package.json is there to bring devsetup. */
  readonly bringsOnlyDevsetup: boolean;
  /** devsetup is among its packages. */
  readonly bringsDevsetup: boolean;
  readonly tool: NodeTool;
  /** Major version where it changes the commands (yarn 1 or ≥ 2); null if unknown. */
  readonly toolVersion: string | null;
  readonly lockFile: string | null;
  /** Every file whose content decides what is installed, whether it exists or not: see inputs/node-inputs.ts. */
  readonly inputs: readonly string[];
}
