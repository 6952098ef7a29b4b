import { loadEnvironment } from '../config/load-environment.ts';
import { isDevsetupError } from '../core/errors.ts';
import { createRedactor } from '../core/redact.ts';
import { SILENT } from '../core/step.ts';
import type { DatabaseTarget } from '../postgres/target.ts';
import { runCommand } from '../process/run-command.ts';
import { findProject } from '../project/find-project.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { openStateStore } from '../state/state-store.ts';
import { NO_OPTIONS } from '../steps/context.ts';
import { createContext } from './create-context.ts';
import type { Host } from './host.ts';
import type { EmbeddedPlace } from './open-workspace.ts';
import { withSettingsOfDevContainer } from './settings-of-dev-container.ts';

/** A look leaves nothing behind, compiled Python neither. */
export const TRACELESS = { PYTHONDONTWRITEBYTECODE: '1' } as const;

export interface AskedSettings {
  readonly vendor: string | null;
  /** null: it is not PostgreSQL. */
  readonly target: DatabaseTarget | null;
}

/** Which database the settings use with these variables; null: Django does not start, e.g. because nothing is installed yet. */
export const askSettings = async (
  { root, config, backend }: EmbeddedPlace,
  embedded: Readonly<Record<string, string>>,
  host: Host,
  signal: AbortSignal,
): Promise<AskedSettings | null> => {
  if (backend === null) return null;
  const layers = { processEnv: host.env, root, backendDirectory: backend.directory, files: config.envFiles, embedded };
  try {
    const environment = await withSettingsOfDevContainer(loadEnvironment(layers), { root, backend });
    const { cwd, platform } = host;
    const project = await findProject({ root, config, environment, found: backend, cwd, runCommand, platform });
    const state = openStateStore(stateDirectory({ env: host.env, home: host.home, root }));
    const open = createContext({
      workspace: { root, config, environment, project, state },
      host,
      options: NO_OPTIONS,
      signal,
      abort: () => undefined,
      redactor: createRedactor(environment.secrets()),
      caches: false,
      variables: TRACELESS,
    });
    try {
      const { vendor } = (await open.context.django(SILENT)).description.database;
      return { vendor, target: vendor === 'postgresql' ? await open.context.target(SILENT) : null };
    } finally {
      await open.close();
    }
  } catch (error) {
    if (isDevsetupError(error)) return null;
    throw error;
  }
};
