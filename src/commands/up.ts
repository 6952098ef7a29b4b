import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import type { Command } from 'commander';

import { DevsetupError, isDevsetupError, type ExitCodeValue } from '../core/errors.ts';
import { createRedactor } from '../core/redact.ts';
import type { UpReport } from '../core/up-report.ts';
import { withUiOptions, type CommonOptions } from './common-options.ts';
import type { Terminal } from './terminal.ts';

interface UpFlags extends Pick<CommonOptions, 'project' | 'json' | 'ui' | 'verbose'> {
  readonly devContainer?: string;
  readonly rebuild?: boolean;
  /** commander's name for `--no-cache`. */
  readonly cache: boolean;
}

/** `devsetup up` */
export const addUpCommand = (program: Command, terminal: Terminal): void => {
  const command = program
    .command('up')
    .description('start the dev container of this checkout, without an editor; ends with where the site is')
    .option('--dev-container <file>', 'which devcontainer.json to use, where there are several')
    .option('--rebuild', 'create the container again; volumes, and so the database, are kept')
    .option('--no-cache', 'as --rebuild, and build its image from scratch')
    .option('--project <dir>', 'the checkout to work on (default: the one around this folder)')
    .option('--json', 'print exactly one JSON document on stdout');
  withUiOptions(command, 'show what the build and the hooks print').action((flags: UpFlags) =>
    terminal.run(flags, () => up(flags, terminal)),
  );
};

const up = async (flags: UpFlags, terminal: Terminal): Promise<UpReport> => {
  const [
    { bringUp },
    { findRoot },
    { runCommand },
    { renderUp },
    { renderJson },
    { createStageView },
    { findFreePort },
  ] = await Promise.all([
    import('../container/bring-up.ts'),
    import('../project/find-root.ts'),
    import('../process/run-command.ts'),
    import('../ui/render-up.ts'),
    import('../ui/render-json.ts'),
    import('../ui/stage-view.ts'),
    import('../postgres/free-port.ts'),
  ]);
  const { host, signal } = terminal;
  const root = await findRoot({ cwd: host.cwd, project: flags.project });
  const log = await openLog(root, terminal);
  const { stdout, stderr } = process;
  const view = createStageView({
    ui: terminal.ui(flags),
    color: terminal.color(stderr),
    verbose: flags.verbose === true,
    stream: {
      write: (text) => terminal.print(stderr, text),
      get columns() {
        return stderr.columns;
      },
    },
    now: host.monotonic,
  });
  const report = await bringUp(
    { root, devContainer: flags.devContainer, rebuild: flags.rebuild === true, noCache: !flags.cache },
    {
      cwd: host.cwd,
      env: definedOf(host.env),
      platform: host.platform,
      version: host.version,
      runCommand,
      signal,
      monotonic: host.monotonic,
      backendDirectory: await backendDirectory(root, host.cwd),
      freePort: () => findFreePort(USUAL_PORT),
      logFile: log.path,
      onNote: (text) => terminal.print(stderr, terminal.typed(`${text}\n`)),
      onStage: view.begin,
      onFailure: () => view.end(false),
      onLine: ({ stage, text }) => {
        log.line(stage, text);
        view.line(text);
      },
    },
  );
  view.end(report.error === null);
  log.close(
    report.error === null ? report.outcome : `${report.outcome}: ${report.error.code}: ${report.error.message}`,
  );
  const columns = stdout.isTTY ? stdout.columns : undefined;
  if (flags.json === true) stdout.write(renderJson(report));
  else terminal.print(stdout, terminal.typed(renderUp(report, { color: terminal.color(stdout), columns })));
  if (report.error !== null) terminal.tell(errorOf(report.error, report.exitCode as ExitCodeValue), log.path);
  return report;
};

/** Where runserver listens: the site has the same port on the host, if it is free. */
const USUAL_PORT = 8000;

const openLog = async (root: string, { host }: Terminal) => {
  const [{ openRunLog }, { logProcesses }, { stateDirectory, userDirectory }] = await Promise.all([
    import('../ui/run-log.ts'),
    import('../setup/log-processes.ts'),
    import('../state/state-directory.ts'),
  ]);
  const directory = stateDirectory({ env: host.env, home: host.home, root });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return openRunLog({
    path: path.join(directory, 'up.log'),
    fallbackDirectory: directory,
    processes: logProcesses(host.pid, path.join(userDirectory(host), 'locks')),
    now: host.now,
    version: host.version,
    command: host.commandLine,
    redact: createRedactor().redact,
  });
};

/** The folder of manage.py, for the command that starts the server. */
const backendDirectory = async (root: string, cwd: string): Promise<string | null> => {
  const [{ loadConfig }, { findManagePy }] = await Promise.all([
    import('../config/load-config.ts'),
    import('../project/find-manage-py.ts'),
  ]);
  try {
    return (await findManagePy({ root, config: await loadConfig({ root }), cwd })).directory;
  } catch (error) {
    // A container can be started without it, and devsetup in it says what is wrong.
    if (isDevsetupError(error)) return null;
    throw error;
  }
};

export const errorOf = (
  { code, message, hint, output }: NonNullable<UpReport['error']>,
  exitCode: ExitCodeValue,
): Error => new DevsetupError({ code, message, exitCode, output, ...(hint === null ? {} : { hint }) });

export const definedOf = (env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
