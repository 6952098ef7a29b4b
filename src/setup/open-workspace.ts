import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { loadConfig } from '../config/load-config.ts';
import { loadEnvironment } from '../config/load-environment.ts';
import { findManagePy, type FoundManagePy } from '../project/find-manage-py.ts';
import { findProject } from '../project/find-project.ts';
import { findRoot } from '../project/find-root.ts';
import type { Project } from '../project/types.ts';
import { runCommand } from '../process/run-command.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { openStateStore, type StateStore } from '../state/state-store.ts';
import type { Host } from './host.ts';
import { withSettingsOfDevContainer } from './settings-of-dev-container.ts';

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
  /** Of `devsetup migrate`: takes nothing from what is for development. */
  readonly isPipeline?: boolean;
  /** Where the embedded database is chosen: ensures that it runs, and says by which variables a project finds it. */
  readonly embedded?: ((place: EmbeddedPlace) => Promise<Readonly<Record<string, string>> | undefined>) | undefined;
}

export interface EmbeddedPlace {
  readonly root: string;
  readonly config: Config;
  /** null: there is none, and `devsetup doctor` looks all the same. */
  readonly backend: FoundManagePy | null;
  /** Without the embedded database's variables. */
  readonly environment: Environment;
}

/**
 * Reads configuration, env files and the layout of the checkout.
 *
 * @throws usage errors that name what cannot be found or is ambiguous, and the key or flag that chooses
 */
export const openWorkspace = async (options: WorkspaceOptions): Promise<Workspace> => {
  const { project, config: configFile, host } = options;
  const root = await findRoot({ cwd: host.cwd, project });
  const config = await loadConfig({ root, ...(configFile === undefined ? {} : { file: configFile }) });
  const backend = await findManagePy({ root, config, cwd: host.cwd });
  const layers = { processEnv: host.env, root, backendDirectory: backend.directory, files: config.envFiles };
  const load = (more: object): Promise<Environment> | Environment => {
    const loaded = loadEnvironment({ ...layers, ...more });
    return options.isPipeline === true ? loaded : withSettingsOfDevContainer(loaded, { root, backend });
  };
  const own = await load({});
  const embedded = await options.embedded?.({ root, config, backend, environment: own });
  const environment = embedded === undefined ? own : await load({ embedded });
  const found = await findProject({
    root,
    config,
    environment,
    found: backend,
    cwd: host.cwd,
    runCommand,
    platform: host.platform,
  });
  const state = openStateStore(stateDirectory({ env: host.env, home: host.home, root }));
  return { root, config, environment, project: found, state };
};
