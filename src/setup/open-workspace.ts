import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { loadConfig } from '../config/load-config.ts';
import { loadEnvironment } from '../config/load-environment.ts';
import { findManagePy } from '../project/find-manage-py.ts';
import { findProject } from '../project/find-project.ts';
import { findRoot } from '../project/find-root.ts';
import type { Project } from '../project/types.ts';
import { runCommand } from '../process/run-command.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { openStateStore, type StateStore } from '../state/state-store.ts';
import type { Host } from './host.ts';

/** A checkout as devsetup sees it before anything is started. */
export interface Workspace {
  readonly root: string;
  readonly config: Config;
  readonly environment: Environment;
  readonly project: Project;
  readonly state: StateStore;
}

export interface WorkspaceOptions {
  /** `--project` */
  readonly project?: string | undefined;
  /** `--config` */
  readonly config?: string | undefined;
  readonly host: Host;
}

/**
 * Reads configuration, env files and the layout of the checkout.
 *
 * @throws usage errors that name what cannot be found or is ambiguous, and the key or flag that chooses
 */
export const openWorkspace = async ({ project, config: configFile, host }: WorkspaceOptions): Promise<Workspace> => {
  const root = await findRoot({ cwd: host.cwd, project });
  const config = await loadConfig({ root, ...(configFile === undefined ? {} : { file: configFile }) });
  const backend = await findManagePy({ root, config, cwd: host.cwd });
  const environment = await loadEnvironment({
    processEnv: host.env,
    root,
    backendDirectory: backend.directory,
    files: config.envFiles,
  });
  const found = await findProject({
    root,
    config,
    environment,
    managePy: backend.managePy,
    cwd: host.cwd,
    runCommand,
    platform: host.platform,
  });
  const state = openStateStore(stateDirectory({ env: host.env, home: host.home, root }));
  return { root, config, environment, project: found, state };
};
