import process from 'node:process';

import { DEFAULTS } from '../config/defaults.ts';
import { loadConfig } from '../config/load-config.ts';
import { loadEnvironment } from '../config/load-environment.ts';
import { DATABASE_SCHEMA_VERSION, type DatabaseReport } from '../core/database-report.ts';
import { ExitCode, isDevsetupError, usageError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import { createDatabase } from '../postgres/create-database.ts';
import { findManagePy } from '../project/find-manage-py.ts';
import { findProgram } from '../project/find-program.ts';
import { findRoot } from '../project/find-root.ts';
import { targetOf, type RunningServer } from '../server/ask-server.ts';
import { libpqValues, urlOf } from '../server/database-values.ts';
import { describeData } from '../server/describe-data.ts';
import { lookAtServer } from '../server/look-at-server.ts';
import { removeServer } from '../server/remove-server.ts';
import { stopServer } from '../server/stop-server.ts';
import { withServerLock } from '../server/with-server-lock.ts';
import { askSettings, type AskedSettings } from '../setup/ask-settings.ts';
import type { EmbeddedPlace } from '../setup/open-workspace.ts';
import { readChoice } from '../state/embedded-memory.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { openStateStore } from '../state/state-store.ts';
import { renderDatabase, renderLoss } from '../ui/render-database.ts';
import { renderJson } from '../ui/render-json.ts';
import { askYesNo } from '../ui/prompts.ts';
import type { CommonOptions } from './common-options.ts';
import { embeddedDatabase, embeddedValues, progressLines, type EmbeddedDatabase } from './embedded.ts';
import { runForUser } from './exec.ts';
import type { Terminal } from './terminal.ts';

type Options = Pick<CommonOptions, 'project' | 'config' | 'json' | 'yes'>;
interface Exit {
  readonly exitCode: number;
}
interface Opened extends EmbeddedDatabase {
  readonly project: EmbeddedPlace;
  readonly say: (line: string) => void;
}

/** Works with a broken configuration and without a backend, too: the server is that of the checkout. */
const open = async (options: Options, terminal: Terminal): Promise<Opened> => {
  const { host } = terminal;
  const root = await findRoot({ cwd: host.cwd, project: options.project });
  const config =
    (await orNull(loadConfig({ root, ...(options.config === undefined ? {} : { file: options.config }) }))) ?? DEFAULTS;
  const backend = await orNull(findManagePy({ root, config, cwd: host.cwd }));
  const environment = loadEnvironment({
    processEnv: host.env,
    root,
    backendDirectory: backend?.directory,
    files: config.envFiles,
  });
  const project = { root, config, backend, environment };
  const say = progressLines(terminal, options);
  return { project, say, ...embeddedDatabase(project, terminal, say) };
};

const orNull = async <T>(found: Promise<T>): Promise<T | null> => {
  try {
    return await found;
  } catch (error) {
    if (isDevsetupError(error)) return null;
    throw error;
  }
};

export const startDatabase = async (options: Options, terminal: Terminal): Promise<Exit> => {
  const opened = await open(options, terminal);
  const { server, started } = await opened.start();
  const database = await named(opened, server, terminal);
  const made = await createDatabase(targetOf(server, database.actualName));
  return print(await reportOf('db start', database, terminal, started || made === 'created'), options, terminal);
};

/**
 * The database as the settings name it, which they may do without reading any variable. Where they cannot be asked, the name of the last run, or
 * that of the folder.
 */
const named = async (opened: Opened, server: RunningServer, terminal: Terminal): Promise<Opened> => {
  const { project } = opened;
  const ask = async (name: string): Promise<AskedSettings | null> => {
    const values = await embeddedValues(server, { name, actualName: name }, project, { isForRun: true });
    return askSettings(project, values, terminal.host, terminal.signal);
  };
  const asked = await ask(opened.name);
  if (asked === null && project.backend !== null)
    opened.say(`Django does not start, so it cannot say how the database is called; ${opened.actualName} is assumed.`);
  const { target = null } = asked ?? {};
  if (target?.port !== server.port) return opened;
  const actualName = target.database;
  // A name that they make of the variable, and not one of their own, would be made of it once more.
  const isOwn = actualName !== opened.name && (await ask(actualName))?.target?.database === actualName;
  return { ...opened, actualName, ...(isOwn ? { name: actualName } : {}) };
};

/** Where the checkout uses it, it is started; its address is of no use otherwise. */
const running = async (opened: Opened, { host }: Terminal): Promise<RunningServer> => {
  const { root, config } = opened.project;
  const choice = readChoice(openStateStore(stateDirectory({ env: host.env, home: host.home, root })));
  const isUsed = (choice?.use ?? config.database.use) === 'embedded';
  return isUsed ? (await opened.start()).server : opened.running();
};

export const stopDatabase = async (options: Options, terminal: Terminal): Promise<Exit> => {
  const database = await open(options, terminal);
  const { place, lock } = database;
  const stopped = await withServerLock(place, lock, () => stopServer(place));
  return print(await reportOf('db stop', database, terminal, stopped), options, terminal);
};

export const tellDatabase = async (options: Options, terminal: Terminal): Promise<Exit> =>
  print(await reportOf('db status', await open(options, terminal), terminal, false), options, terminal);

/** Asks, unless there is nothing to lose. */
export const resetDatabase = async (options: Options, terminal: Terminal): Promise<Exit> => {
  const database = await open(options, terminal);
  const before = await reportOf('db reset', database, terminal, false);
  if (before.dataDirectory === null && before.state === 'stopped') return print(before, options, terminal);
  if (options.yes !== true) {
    if (!terminal.canAsk()) throw mustAsk();
    terminal.print(process.stderr, renderLoss(before));
    if (!(await askYesNo('Remove it? [y/N] ', terminal.signal))) {
      process.stderr.write('Nothing was removed.\n');
      return { exitCode: terminal.signal.aborted ? ExitCode.interrupted : ExitCode.failed };
    }
  } else if (options.json !== true) terminal.print(process.stderr, renderLoss(before));
  const { place, lock } = database;
  await withServerLock(place, lock, () => removeServer(place));
  return print(await reportOf('db reset', database, terminal, true), options, terminal);
};

/** The password is what the user asked for: of a server for development that listens on the loopback only. */
export const printUrl = async (options: Options, terminal: Terminal): Promise<Exit> => {
  const opened = await open(options, terminal);
  const server = await running(opened, terminal);
  const { actualName } = await named(opened, server, terminal);
  process.stdout.write(`${urlOf(targetOf(server, actualName))}\n`);
  return { exitCode: ExitCode.done };
};

export const printExports = async (options: Options, terminal: Terminal): Promise<Exit> => {
  const opened = await open(options, terminal);
  const server = await running(opened, terminal);
  const values = await embeddedValues(server, await named(opened, server, terminal), opened.project, {
    isForRun: false,
  });
  const lines = Object.entries(values).map(([name, value]) => `export ${name}=${shellWord(value)}\n`);
  process.stdout.write(lines.join(''));
  return { exitCode: ExitCode.done };
};

/** The client is PostgreSQL's own: the package has the server alone. */
export const openPsql = async (words: readonly string[], options: Options, terminal: Terminal): Promise<Exit> => {
  const { host } = terminal;
  if ((await findProgram('psql', { get: (name) => host.env[name] })) === undefined) throw mustInstallPsql();
  const opened = await open(options, terminal);
  const server = await running(opened, terminal);
  const { actualName } = await named(opened, server, terminal);
  // What would lead elsewhere is taken away.
  const { PGSERVICE: _, PGHOSTADDR: __, ...inherited } = host.env;
  const values = libpqValues(targetOf(server, actualName));
  return { exitCode: await runForUser('psql', words, { ...inherited, ...values, PGSSLMODE: 'allow' }) };
};

const mustInstallPsql = (): Error =>
  usageError({
    code: 'COMMAND_NOT_STARTED',
    message: 'psql was not found on the PATH. It is part of the PostgreSQL client, which devsetup does not bring.',
    hint: 'Install it, e.g. `sudo apt-get install postgresql-client` (Debian, Ubuntu), `apk add postgresql-client` (Alpine) or `brew install libpq` (macOS).',
  });

const reportOf = async (
  command: DatabaseReport['command'],
  { project: { root }, place, actualName }: Opened,
  { host }: Terminal,
  changed: boolean,
): Promise<DatabaseReport> => {
  const look = await lookAtServer(place);
  const data = await describeData(place, look);
  const server = look.kind === 'running' ? look.server : null;
  return {
    schemaVersion: DATABASE_SCHEMA_VERSION,
    command,
    version: host.version,
    project: root,
    exitCode: command === 'db status' && server === null ? ExitCode.failed : ExitCode.done,
    state: look.kind,
    changed,
    database: actualName,
    host: server?.host ?? null,
    port: server?.port ?? null,
    serverVersion: server?.version ?? null,
    startedAt: server?.startedAt ?? null,
    databases: server?.databases ?? null,
    pid: look.kind === 'stopped' ? null : look.keeper,
    dataDirectory: data?.directory ?? null,
    dataBytes: data?.bytes ?? null,
    logFile: place.logFile,
  };
};

const print = (report: DatabaseReport, options: Options, terminal: Terminal): DatabaseReport => {
  process.stdout.write(
    options.json === true ? renderJson(report) : terminal.typed(renderDatabase(report, terminal.host.now())),
  );
  return report;
};

const mustAsk = (): Error =>
  usageError({
    code: 'MUST_ASK',
    message: 'devsetup db reset removes data, and there is nobody to ask.',
    hint: '`npx devsetup db status` shows what there is. This deletes all of it: npx devsetup db reset --yes',
  });
