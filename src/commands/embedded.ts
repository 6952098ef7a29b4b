import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { readOwnEnvNames } from '../config/read-env-files.ts';
import { DevsetupError } from '../core/errors.ts';
import { databaseVariables } from '../scaffold/look/database-variables.ts';
import { lookAtSettings } from '../scaffold/look/look-at-settings.ts';
import { targetOf, type RunningServer } from '../server/ask-server.ts';
import { databaseName } from '../server/database-name.ts';
import { databaseValues, LIBPQ, type DatabaseVariable } from '../server/database-values.ts';
import { lookAtServer } from '../server/look-at-server.ts';
import { removeServer } from '../server/remove-server.ts';
import { serverPlace, type ServerPlace } from '../server/server-place.ts';
import { startServer, type StartedServer } from '../server/start-server.ts';
import { stopServer } from '../server/stop-server.ts';
import { withServerLock } from '../server/with-server-lock.ts';
import type { EmbeddedPlace } from '../setup/open-workspace.ts';
import { readNames } from '../state/embedded-memory.ts';
import { openStateStore } from '../state/state-store.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { packageFile } from '../version.ts';
import type { Terminal } from './terminal.ts';

/** The embedded database of one project of a checkout. */
export interface EmbeddedDatabase {
  readonly place: ServerPlace;
  /** What the variables that the settings read get as its name. */
  readonly name: string;
  /** As the settings named it last: they can have a name of their own. */
  readonly actualName: string;
  /** @throws EMBEDDED_NOT_RUNNING */
  running(): Promise<RunningServer>;
  start(): Promise<StartedServer>;
  /** For what waits for another devsetup. */
  readonly lock: { readonly pid: number; readonly signal: AbortSignal; readonly onWaiting: (pid: number) => void };
}

/** The folder of manage.py, which tells the projects of a checkout apart. */
export const folderOf = ({ root, backend }: Pick<EmbeddedPlace, 'root' | 'backend'>): string =>
  path.relative(root, backend?.directory ?? root);

export const embeddedDatabase = (
  at: Pick<EmbeddedPlace, 'root' | 'backend'>,
  terminal: Terminal,
  say: (line: string) => void,
): EmbeddedDatabase => {
  const { host, signal } = terminal;
  const { root } = at;
  const state = stateDirectory({ env: host.env, home: host.home, root });
  const place = serverPlace(state);
  const lock = {
    pid: host.pid,
    signal,
    onWaiting: (pid: number) => say(`Waiting for another devsetup (pid ${pid}) …`),
  };
  const folder = folderOf(at);
  const names = new Map([...readNames(openStateStore(state))].filter(([other]) => existsSync(path.join(root, other))));
  const name = databaseName(root, folder, names);
  return {
    place,
    name,
    actualName: names.get(folder) ?? name,
    lock,
    running: async () => {
      const look = await lookAtServer(place);
      if (look.kind === 'running') return look.server;
      throw new DevsetupError({
        code: 'EMBEDDED_NOT_RUNNING',
        message: 'The embedded PostgreSQL of this checkout does not run.',
        hint: 'npx devsetup db start',
      });
    },
    start: () =>
      startServer({
        place,
        keeper: [process.execPath, packageFile('dist/cli.js'), 'db', 'keep', state],
        env: host.env,
        ...lock,
        onStarting: () => say('Starting the embedded PostgreSQL …'),
      }),
  };
};

/**
 * By which variables, with which values, the project finds its database on this server. In a run, which opens many connections, they are
 * made without TLS, which takes milliseconds each, unless the project has a say in that. Not in a terminal: it may lead elsewhere, too.
 */
export const embeddedValues = async (
  server: Pick<RunningServer, 'port' | 'password'>,
  { name, actualName }: Pick<EmbeddedDatabase, 'name' | 'actualName'>,
  { backend, config, environment }: Omit<EmbeddedPlace, 'root'>,
  { isForRun }: { readonly isForRun: boolean },
): Promise<Record<string, string>> => {
  const settings = await lookAtSettings(backend);
  const values = databaseValues({
    target: targetOf(server, name),
    actualName,
    variables: settings.variables ?? (await usualVariables()),
    urlVariable: config.database.urlVariable,
    engine: settings.engine,
    current: environment.get,
  });
  const leavesTlsOpen = !settings.mentionsTls && TLS_VARIABLES.every((variable) => !environment.get(variable));
  return isForRun && leavesTlsOpen ? { ...values, PGSSLMODE: 'allow' } : values;
};

/** Of the settings: the variables that say where the database is. */
export const placeVariables = async ({
  backend,
  config,
}: Pick<EmbeddedPlace, 'backend' | 'config'>): Promise<readonly DatabaseVariable[]> => {
  const settings = await lookAtSettings(backend);
  const { urlVariable } = config.database;
  return [{ name: urlVariable, role: 'url' }, ...(settings.variables ?? (await usualVariables())), ...LIBPQ];
};

const TLS_VARIABLES = ['PGSSLMODE', 'PGSSLROOTCERT', 'PGCHANNELBINDING'];

/** Of settings that cannot be read: the names that the dev container template sets. */
const usualVariables = async (): Promise<readonly DatabaseVariable[]> => {
  const file = packageFile('templates/django-postgres/.devcontainer/database.env');
  return databaseVariables(await readOwnEnvNames(file));
};

/**
 * The settings use another database. A server that no database was created on, by this run or an earlier one, is of no use to anything; one with
 * a database may be used by something else, unless this run has started it.
 */
export const putAwayEmbedded = async (
  { place, lock }: Pick<EmbeddedDatabase, 'place' | 'lock'>,
  { started, say }: { readonly started: boolean; readonly say: (line: string) => void },
): Promise<void> =>
  withServerLock(place, lock, async () => {
    const look = await lookAtServer(place);
    if (look.kind !== 'running') return;
    if (look.server.databases.length === 0) {
      await removeServer(place);
      say('Removed the embedded PostgreSQL: the settings do not use it, and there was no database on it.');
    } else if (started) {
      await stopServer(place);
      say('Stopped the embedded PostgreSQL that this run had started: the settings do not use it. Its data stays.');
    }
  });

/** Lines on stderr, unless progress is silent. */
export const progressLines = (terminal: Terminal, options: Parameters<Terminal['ui']>[0]): ((line: string) => void) => {
  const isSilent = terminal.ui(options) === 'silent';
  return (line) => void (isSilent || terminal.print(process.stderr, `${line}\n`));
};
