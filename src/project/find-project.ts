import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import type { RunCommand } from '../process/run-command.ts';
import { findFrontends } from './find-frontends.ts';
import { findManagePy, type FoundManagePy } from './find-manage-py.ts';
import { findPython } from './find-python.ts';
import { findRequirements } from './find-requirements.ts';
import type { Project } from './types.ts';

export interface FindProjectOptions {
  readonly root: string;
  readonly config: Config;
  readonly environment: Environment;
  /** What `findManagePy` answered, where it has been asked before. */
  readonly found?: FoundManagePy;
  /** Where the user is: among several backends of the same rank the one around this folder is taken. */
  readonly cwd?: string;
  /** Asks an interpreter about itself where its files do not tell (version managers put scripts on PATH). */
  readonly runCommand?: RunCommand;
  /** `process.platform` */
  readonly platform?: string;
  /** Where container images keep a virtual environment. */
  readonly imageVenvs?: readonly string[];
}

/**
 * Finds the parts of a checkout; what configuration says comes first. Starts no Python where a virtual environment exists.
 * Throws usage errors (`MANAGE_PY_MISSING`, `MANAGE_PY_AMBIGUOUS`, `REQUIREMENTS_MISSING`, `FRONTEND_MISSING`) and `PYTHON_MISSING`.
 */
export const findProject = async (options: FindProjectOptions): Promise<Project> => {
  const { root, config, cwd } = options;
  const backend = options.found ?? (await findManagePy({ root, config, cwd }));
  const [requirements, frontends] = await Promise.all([
    findRequirements({ root, config, backendDirectory: backend.directory, environment: options.environment }),
    findFrontends({ root, config, backendDirectory: backend.directory }),
  ]);
  const python = await findPython({ ...options, backendDirectory: backend.directory, requirements });
  return { root, backend: { ...backend, python, requirements }, frontends };
};
