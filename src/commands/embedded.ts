import process from 'node:process';

import { readOwnEnvNames } from '../config/read-env-files.ts';
import { DevsetupError } from '../core/errors.ts';
import { databaseVariables } from '../scaffold/look/database-variables.ts';
import { lookAtSettings } from '../scaffold/look/look-at-settings.ts';
import { targetOf, type RunningServer } from '../server/ask-server.ts';
import { databaseName } from '../server/database-name.ts';
import { databaseValues, type DatabaseVariable } from '../server/database-values.ts';
import { lookAtServer } from '../server/look-at-server.ts';
import { removeServer } from '../server/remove-server.ts';
import { serverPlace, type ServerPlace } from '../server/server-place.ts';
import { startServer, type StartedServer } from '../server/start-server.ts';
import { stopServer } from '../server/stop-server.ts';
import { withServerLock } from '../server/with-server-lock.ts';
import type { EmbeddedPlace } from '../setup/open-workspace.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { packageFile } from '../version.ts';
import type { Terminal } from './terminal.ts';

/** The embedded database of one checkout. */
export interface EmbeddedDatabase {
  readonly place: ServerPlace;
  /** Name of the project's database on it. */
  readonly name: string;
  /** @throws EMBEDDED_NOT_RUNNING */
  running(): Promise<RunningServer>;
  start(): Promise<StartedServer>;
  /** For what waits for another devsetup. */
  readonly lock: { readonly pid: number; readonly signal: AbortSignal; readonly onWaiting: (pid: number) => void };
}

export const embeddedDatabase = (root: string, terminal: Terminal, say: (line: string) => void): EmbeddedDatabase => {
  const { host, signal } = terminal;
  const state = stateDirectory({ env: host.env, home: host.home, root });
  const place = serverPlace(state);
  const lock = {
    pid: host.pid,
    signal,
    onWaiting: (pid: number) => say(`Waiting for another devsetup (pid ${pid}) …`),
  };
  return {
    place,
    name: databaseName(root),
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
  server: RunningServer,
  name: string,
  { backend, config, environment }: Omit<EmbeddedPlace, 'root'>,
  { isForRun }: { readonly isForRun: boolean },
): Promise<Record<string, string>> => {
  const settings = await lookAtSettings(backend);
  const values = databaseValues({
    target: targetOf(server, name),
    variables: settings.variables ?? (await usualVariables()),
    urlVariable: config.database.urlVariable,
    engine: settings.engine,
    current: environment.get,
  });
  const leavesTlsOpen = !settings.mentionsTls && TLS_VARIABLES.every((variable) => !environment.get(variable));
  return isForRun && leavesTlsOpen ? { ...values, PGSSLMODE: 'allow' } : values;
};

const TLS_VARIABLES = ['PGSSLMODE', 'PGSSLROOTCERT', 'PGCHANNELBINDING'];

/** Of settings that cannot be read: the names that the dev container template sets. */
const usualVariables = async (): Promise<readonly DatabaseVariable[]> => {
  const file = packageFile('templates/django-postgres/.devcontainer/database.env');
  return databaseVariables(await readOwnEnvNames(file));
};

export interface ProvideOptions {
  /** --dry-run, and doctor: the server is not started. */
  readonly look: boolean;
  /** Called when it did not run before. */
  readonly onStarted?: () => void;
}

/** `--db embedded`: what `openWorkspace` asks for the database. */
export const provideEmbedded =
  (terminal: Terminal, say: (line: string) => void, { look, onStarted }: ProvideOptions) =>
  async (place: EmbeddedPlace): Promise<Record<string, string>> => {
    const database = embeddedDatabase(place.root, terminal, say);
    const { server, started } = look ? { server: await database.running(), started: false } : await database.start();
    if (started) onStarted?.();
    return embeddedValues(server, database.name, place, { isForRun: true });
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
