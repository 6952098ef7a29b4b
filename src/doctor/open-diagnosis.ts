import type { Diagnosis } from '../checks/context.ts';
import { DEFAULTS } from '../config/defaults.ts';
import type { Environment } from '../config/environment.ts';
import { loadConfig } from '../config/load-config.ts';
import { loadEnvironment } from '../config/load-environment.ts';
import { isDevsetupError, type DevsetupError } from '../core/errors.ts';
import { runCommand } from '../process/run-command.ts';
import { findManagePy } from '../project/find-manage-py.ts';
import { findProject } from '../project/find-project.ts';
import { findRoot } from '../project/find-root.ts';
import type { WorkspaceOptions } from '../setup/open-workspace.ts';
import { withSettingsOfDevContainer } from '../setup/settings-of-dev-container.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { openStateStore } from '../state/state-store.ts';

/** A flag that names what is not there is the user's mistake and not a finding. */
const TYPED: ReadonlySet<string> = new Set(['CONFIG_MISSING', 'PROJECT_MISSING']);

/**
 * Opens a checkout as `openWorkspace` does, but goes on where that would stop: with the defaults in place of a configuration that is
 * broken, without a project in a folder that has none.
 *
 * @throws usage errors of `--project` and `--config`
 */
export const openDiagnosis = async (
  options: WorkspaceOptions & { readonly allowRemote?: boolean },
): Promise<Diagnosis> => {
  const { project, config: file, host } = options;
  const problems: DevsetupError[] = [];
  const orNull = async <T>(found: Promise<T>): Promise<T | null> => {
    try {
      return await found;
    } catch (error) {
      if (!isDevsetupError(error) || TYPED.has(error.code)) throw error;
      problems.push(error);
      return null;
    }
  };
  const root = await findRoot({ cwd: host.cwd, project });
  const config = (await orNull(loadConfig({ root, ...(file === undefined ? {} : { file }) }))) ?? DEFAULTS;
  const backend = await orNull(findManagePy({ root, config, cwd: host.cwd }));
  const layers = { processEnv: host.env, root, backendDirectory: backend?.directory ?? root, files: config.envFiles };
  const load = (more: object): Promise<Environment> =>
    withSettingsOfDevContainer(loadEnvironment({ ...layers, ...more }), { root, backend });
  const own = await load({});
  const embedded = await options.embedded?.({ root, config, backend, environment: own });
  const environment = embedded === undefined ? own : await load({ embedded });
  const { cwd, platform } = host;
  const found =
    backend === null
      ? null
      : await orNull(findProject({ root, config, environment, found: backend, cwd, runCommand, platform }));
  const state = openStateStore(stateDirectory({ env: host.env, home: host.home, root }));
  const examinesRemote = options.allowRemote === true;
  return { root, config, environment, backend, project: found, problems, state, examinesRemote };
};
