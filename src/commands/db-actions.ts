import process from 'node:process';

import { loadConfig } from '../config/load-config.ts';
import { loadEnvironment } from '../config/load-environment.ts';
import { DATABASE_SCHEMA_VERSION, type DatabaseReport } from '../core/database-report.ts';
import { ExitCode, isDevsetupError, usageError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import { createDatabase } from '../postgres/create-database.ts';
import { findManagePy, type FoundManagePy } from '../project/find-manage-py.ts';
import { findRoot } from '../project/find-root.ts';
import { targetOf } from '../server/ask-server.ts';
import { urlOf } from '../server/database-values.ts';
import { describeData } from '../server/describe-data.ts';
import { lookAtServer } from '../server/look-at-server.ts';
import { removeServer } from '../server/remove-server.ts';
import { stopServer } from '../server/stop-server.ts';
import { withServerLock } from '../server/with-server-lock.ts';
import { renderDatabase, renderLoss } from '../ui/render-database.ts';
import { renderJson } from '../ui/render-json.ts';
import { askYesNo } from '../ui/prompts.ts';
import type { CommonOptions } from './common-options.ts';
import { embeddedDatabase, embeddedValues, progressLines, type EmbeddedDatabase } from './embedded.ts';
import type { Terminal } from './terminal.ts';

type Options = Pick<CommonOptions, 'project' | 'config' | 'json' | 'yes'>;
interface Exit {
  readonly exitCode: number;
}
interface Opened extends EmbeddedDatabase {
  readonly root: string;
}

const open = async (options: Options, terminal: Terminal): Promise<Opened> => {
  const root = await findRoot({ cwd: terminal.host.cwd, project: options.project });
  return { root, ...embeddedDatabase(root, terminal, progressLines(terminal, options)) };
};

export const startDatabase = async (options: Options, terminal: Terminal): Promise<Exit> => {
  const database = await open(options, terminal);
  const { server, started } = await database.start();
  const made = await createDatabase(targetOf(server, database.name));
  return print(await reportOf('db start', database, terminal, started || made === 'created'), options, terminal);
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
  const database = await open(options, terminal);
  process.stdout.write(`${urlOf(targetOf(await database.running(), database.name))}\n`);
  return { exitCode: ExitCode.done };
};

export const printExports = async (options: Options, terminal: Terminal): Promise<Exit> => {
  const { host } = terminal;
  const database = await open(options, terminal);
  const server = await database.running();
  const { root } = database;
  const config = await loadConfig({ root, ...(options.config === undefined ? {} : { file: options.config }) });
  const backend = await orNull(findManagePy({ root, config, cwd: host.cwd }));
  const environment = loadEnvironment({
    processEnv: host.env,
    root,
    backendDirectory: backend?.directory,
    files: config.envFiles,
  });
  const values = await embeddedValues(server, database.name, { config, backend, environment }, { isForRun: false });
  const lines = Object.entries(values).map(([name, value]) => `export ${name}=${shellWord(value)}\n`);
  process.stdout.write(lines.join(''));
  return { exitCode: ExitCode.done };
};

/** Without a backend the names are those that settings usually read. */
const orNull = async (found: Promise<FoundManagePy>): Promise<FoundManagePy | null> => {
  try {
    return await found;
  } catch (error) {
    if (isDevsetupError(error)) return null;
    throw error;
  }
};

const reportOf = async (
  command: DatabaseReport['command'],
  { root, place, name }: Opened,
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
    database: name,
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
