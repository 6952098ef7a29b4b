import { realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

import { ExitCode, isDevsetupError } from '../core/errors.ts';
import type { RunView } from '../core/events.ts';
import { redactDeep } from '../core/redact-deep.ts';
import { isOnEmbedded, REPORT_SCHEMA_VERSION, type RunReport } from '../core/report.ts';
import { printableIn } from '../core/workflow-text.ts';
import { killRunningGroups } from '../process/run-command.ts';
import { djangoPlace } from '../setup/command-environment.ts';
import type { CommandPlace, Host } from '../setup/host.ts';
import type { Workspace } from '../setup/open-workspace.ts';
import { chooseColor, chooseUi, isAttended, isContinuousIntegration, type UiChoice } from '../ui/choose-ui.ts';
import { createView, type ViewStep } from '../ui/create-view.ts';
import { exitCodeOf, renderError } from '../ui/render-error.ts';
import { renderJson } from '../ui/render-json.ts';
import { renderSummary } from '../ui/render-summary.ts';
import { packageFile, readVersion } from '../version.ts';
import type { CommonOptions, DatabaseFlag } from './common-options.ts';
import { manageCommand } from './next-command.ts';
import { asTyped, readStart, repeatCommand, type PlaceFlags } from './typed-commands.ts';

/** The process devsetup runs in, for commands: what it is, how it is interrupted, where results and errors go. */
export interface Terminal {
  readonly host: Host;
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP; the second one kills what still runs. */
  readonly signal: AbortSignal;
  /** Runs a command's action and sets the exit code; what it throws is printed. */
  run(
    options: CommonOptions & PlaceFlags,
    action: (host: Host) => Promise<{ readonly exitCode: number }>,
  ): Promise<void>;
  /** Prints an error on stderr. */
  tell(error: unknown, logFile?: string | null): void;
  /** Writes text for people. In a GitHub job no line of it is taken for a command of the runner, whatever names it holds. */
  print(stream: NodeJS.WriteStream, text: string): void;
  /** From now on printed commands have this `--db`; undefined: they use the same database without it. */
  flagDatabase(db: DatabaseFlag | undefined): void;
  /** A text for people, its printed commands with the flags of this run and as devsetup was started. */
  typed(text: string, place?: CommandPlace): string;
  /** Whether this stream is coloured. */
  color(stream: NodeJS.WriteStream): boolean;
  viewFor(
    options: RunTextOptions & {
      /** Reports that are not shown, because something else follows. */
      readonly holdsBack?: (report: RunReport) => boolean;
    },
    workspace: Workspace,
  ): (steps: readonly ViewStep[]) => Promise<RunView>;
  /** The text that ends a run. */
  summaryFor(options: RunTextOptions, workspace: Workspace): (report: RunReport, isBelowTree?: boolean) => string;
  /** Progress, and at the end what `renderResult` makes of the report. */
  view(
    options: CommonOptions,
    renderResult: (report: RunReport, isBelowTree?: boolean) => string,
  ): (steps: readonly ViewStep[]) => Promise<RunView>;
  /** Progress only: for a run that is a part of something else. */
  progressFor(options: CommonOptions): (steps: readonly ViewStep[]) => Promise<RunView>;
  /** How progress is shown. */
  ui(options: CommonOptions): UiChoice;
  /** Whether somebody is there to answer a question. */
  canAsk(): boolean;
}

interface RunTextOptions extends CommonOptions {
  /** False (--no-next): what can be typed next is not printed. */
  readonly next?: boolean;
  readonly ifNeeded?: boolean;
  /** Of these steps only: that the site can be started is not known then. */
  readonly only?: readonly string[];
}

const ISSUES = 'the issue tracker named in the package';

export const createTerminal = (): Terminal => {
  // Of the command that runs.
  let flags: PlaceFlags = {};
  const typedWith = (text: string, given: PlaceFlags, place?: Partial<CommandPlace>): string => {
    const places = place?.django && { ...place.django, cwd: host.cwd, flags: given, path: host.env['PATH'] };
    return asTyped(text, given, readStart(process, host.cwd), {
      root: place?.root,
      manage: places && manageCommand(places),
    });
  };
  const host: Host = {
    ...readHost(),
    // Also read later, from another folder.
    typed: (text, place) => {
      const [project, config] = [flags.project, flags.config].map((place) => place && path.resolve(host.cwd, place));
      return typedWith(text, { ...flags, project, config }, place);
    },
  };
  const typed: Terminal['typed'] = (text, place) => typedWith(text, flags, place);
  const signal = listenForInterruption();
  const printable = printableIn(host.env);
  const print: Terminal['print'] = (stream, text) => void stream.write(printable(text));
  const color = (stream: NodeJS.WriteStream): boolean => chooseColor({ isTTY: stream.isTTY, env: host.env });

  const ui: Terminal['ui'] = (options) =>
    chooseUi({
      flag: options.ui,
      json: options.json === true,
      verbose: options.verbose === true,
      isTTY: process.stderr.isTTY,
      env: host.env,
      columns: process.stderr.columns,
    });

  const view: Terminal['view'] = (options, renderResult) => (steps) =>
    createView({
      ui: ui(options),
      steps,
      stream: process.stderr,
      lines: { write: (text) => print(process.stderr, text) },
      result: process.stdout,
      renderResult: (report, isBelowTree) => {
        const text = renderResult(report, isBelowTree === true && process.stdout.isTTY);
        return options.json === true ? text : printable(text);
      },
      color: color(process.stderr),
      verbose: options.verbose === true,
      columns: process.stderr.columns,
      rows: process.stderr.rows,
      now: host.monotonic,
    });

  const summaryFor: Terminal['summaryFor'] = (options, workspace) => {
    const { stdout } = process;
    return (report, isBelowTree = false) => {
      if (options.json === true) return renderJson(report);
      const { db, ...elsewhere } = flags;
      // Otherwise the flag has no effect: SQLite is used instead.
      const isEmbedded = report.database?.embedded === true;
      const isNeeded = db === 'embedded' && isEmbedded && !(isOnEmbedded(report) && !isContinuousIntegration(host.env));
      const given: PlaceFlags = isNeeded ? { ...elsewhere, db } : elsewhere;
      const django = djangoPlace(workspace, { isEmbedded });
      const next = typedWith('python manage.py runserver', given, { django });
      // Before the lines are broken: a command that is typed longer would not fit, and one that is broken would not be found.
      const spelled = redactDeep(report, (text) => typedWith(text, given));
      const summary = renderSummary(spelled, {
        columns: stdout.isTTY ? stdout.columns : undefined,
        color: color(stdout),
        nextCommands: options.next === false || (options.only ?? []).length > 0 ? [] : [next],
        repeatCommand: repeatCommand(process.argv, db === 'settings' || isNeeded ? [] : ['--db']),
        isBelowTree,
        brief: options.ifNeeded === true,
        verbose: options.verbose === true,
      });
      return typedWith(summary, given);
    };
  };

  const viewFor: Terminal['viewFor'] = ({ holdsBack, ...options }, workspace) => {
    const summary = summaryFor(options, workspace);
    return view(options, (report, isBelowTree) => (holdsBack?.(report) === true ? '' : summary(report, isBelowTree)));
  };

  const tell: Terminal['tell'] = (error, logFile = null) => {
    const { stderr } = process;
    const columns = stderr.isTTY ? stderr.columns : undefined;
    print(stderr, renderError(error, { columns, color: color(stderr), reportTo: ISSUES, logFile }));
  };

  const run: Terminal['run'] = async (options, action) => {
    flags = options;
    try {
      process.exitCode = (await action(host)).exitCode;
    } catch (thrown) {
      const { namingConfiguration } = await import('./naming-configuration.ts');
      const error = isDevsetupError(thrown) ? await namingConfiguration(thrown, options, host.cwd, typed) : thrown;
      process.exitCode = signal.aborted ? ExitCode.interrupted : exitCodeOf(error);
      if (options.json === true) process.stdout.write(errorDocument(error, process.exitCode));
      tell(error);
    }
  };
  return {
    host,
    signal,
    run,
    tell,
    print,
    color,
    viewFor,
    summaryFor,
    flagDatabase: (db) => void (flags = { ...flags, db }),
    typed,
    view,
    progressFor: (options) => view(options, () => ''),
    ui,
    // Undefined, whatever the types say, where a stream is no terminal.
    canAsk: () => Boolean(process.stdin.isTTY && process.stderr.isTTY) && isAttended(host.env),
  };
};

const readHost = (): Host => ({
  cwd: process.cwd(),
  env: process.env,
  home: os.homedir(),
  platform: process.platform,
  cores: os.availableParallelism(),
  nodeAbi: process.versions.modules,
  machine: [
    os.hostname(),
    os.version(),
    os.release(),
    os.arch(),
    `${os.availableParallelism()}`,
    `${process.getuid?.()}`,
  ],
  ownPackage: realpathSync(packageFile('')),
  version: readVersion(),
  pid: process.pid,
  commandLine: ['devsetup', ...process.argv.slice(2)].join(' '),
  monotonic: () => performance.now(),
  now: () => new Date(),
});

/** `cancelOnAbort` and `runCommand` end by force after at most ten seconds. */
const STOPPING = 'stopping what runs. This takes up to 10 seconds if a command or the database does not react.';

const AGAIN = {
  SIGINT: 'Press Ctrl-C again to end it at once.',
  SIGTERM: 'Send the signal again to end it at once.',
  SIGHUP: 'Send the signal again to end it at once.',
} as const;

const listenForInterruption = (): AbortSignal => {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // A question that is interrupted emits it without arguments: nothing runs that would have to be stopped.
    process.on(name, (received?: NodeJS.Signals) => {
      if (!controller.signal.aborted) {
        if (received !== undefined) process.stderr.write(`\n${name}: ${STOPPING} ${AGAIN[name]}\n`);
        controller.abort();
        return;
      }
      killRunningGroups();
      process.exit(ExitCode.interrupted);
    });
  }
  return controller.signal;
};

/** As `schemas/error-report.schema.json` has it. */
const errorDocument = (error: unknown, exitCode: number): string => {
  const { code, message, hint } = isDevsetupError(error)
    ? { code: error.code, message: error.message, hint: error.hint ?? null }
    : { code: 'BUG', message: String(error), hint: null };
  return renderJson({
    schemaVersion: REPORT_SCHEMA_VERSION,
    outcome: exitCode === ExitCode.interrupted ? 'interrupted' : 'failed',
    exitCode,
    error: { code, message, hint },
  });
};
