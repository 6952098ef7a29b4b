import path from 'node:path';

import type { CacheOptions } from '../cache/read-cache.ts';
import { markPath, realPath } from '../state/path-marks.ts';
import { rememberedBy } from '../steps/cacheable.ts';
import type { SetupOptions } from '../steps/context.ts';
import type { Host } from './host.ts';
import type { Workspace } from './open-workspace.ts';

export interface CacheFacts {
  readonly workspace: Workspace;
  readonly host: Host;
  readonly options: SetupOptions;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** With these flags more is wanted than to know that nothing has changed. */
const asksForMore = (options: SetupOptions): boolean =>
  options.force || options.updateSuperuser || options.createMissingTables || options.onlyTenants.length > 0;

/**
 * What decides, apart from files, variables and the database, what the steps find: this devsetup, the configuration, the interpreter,
 * the machine and its user, whether a remote host is allowed, which superuser is wanted, whether the database is the embedded one,
 * and what is remembered of the project's own commands.
 */
export const planCache = ({ workspace, host, options, env, signal }: CacheFacts): CacheOptions | undefined => {
  if (asksForMore(options)) return undefined;
  const { root, config, environment, project, state } = workspace;
  const { managePy, python } = project.backend;
  const superuser = Object.keys(env)
    .filter((name) => name.startsWith('DJANGO_SUPERUSER_'))
    .toSorted()
    // Of the password only whether it is set: its value is among the variables that are compared by a keyed hash.
    .map((name) => [name, name.endsWith('PASSWORD') ? environment.get(name) !== '' : environment.get(name)]);
  const isEmbedded = environment.origin(config.database.urlVariable) === 'embedded-database';
  const { interpreter } = python;
  const log = host.env['DEVSETUP_LOG_FILE'] || config.logFile;
  return {
    store: state,
    key: () => [
      host.version,
      config,
      managePy,
      interpreter,
      markPath(interpreter).text,
      host.machine ?? null,
      options.allowRemote,
      superuser,
      isEmbedded,
      rememberedBy(state, config.steps),
    ],
    checkout: {
      root: realPath(root),
      // Several checkouts share the folder above: it is devsetup's as a whole.
      ignored: [realPath(path.dirname(state.directory)), realPath(path.resolve(host.cwd, log))],
    },
    env,
    signal,
  };
};
