import { realpathSync } from 'node:fs';

import type { RecallOptions } from '../recall/recall.ts';
import { markFiles } from '../state/mark-files.ts';
import type { SetupOptions } from '../steps/context.ts';
import type { Host } from './host.ts';
import type { Workspace } from './open-workspace.ts';

export interface RecallFacts {
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
 * What decides, beside Django's own inputs and the database, what the steps find: this devsetup, the configuration, the
 * interpreter, whether a remote host is allowed, who the superuser is to be, and whether the database is the embedded one.
 */
export const planRecall = ({ workspace, host, options, env, signal }: RecallFacts): RecallOptions | undefined => {
  if (asksForMore(options)) return undefined;
  const { config, environment, project, state } = workspace;
  const { managePy, python } = project.backend;
  const superuser = Object.keys(env)
    .filter((name) => name.startsWith('DJANGO_SUPERUSER_'))
    .toSorted()
    // Of the password only whether it is set: an existing superuser's is not compared with it.
    .map((name) => [name, name.endsWith('PASSWORD') ? environment.get(name) !== '' : environment.get(name)]);
  const isEmbedded = environment.origin(config.database.urlVariable) === 'embedded-database';
  const interpreter = interpreterMarks(python.interpreter);
  const key = [host.version, config, managePy, interpreter, options.allowRemote, superuser, isEmbedded];
  return { store: state, key, env, signal };
};

const interpreterMarks = (interpreter: string): string => {
  try {
    return markFiles([interpreter, realpathSync(interpreter)]).digest;
  } catch {
    // Not there: nothing that was remembered with an interpreter can match.
    return 'missing';
  }
};
