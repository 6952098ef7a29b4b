import path from 'node:path';

import { ExitCode, type ExitCodeValue } from '../core/errors.ts';
import type { RunReport } from '../core/report.ts';
import { startEmbedded } from '../postgres/embedded.ts';
import { findFreePort } from '../postgres/free-port.ts';
import { readLastRun } from '../state/last-run.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { openStateStore } from '../state/state-store.ts';
import { demoEnvironment, demoVariables } from './demo-environment.ts';
import { ensureDemoFolder, writeDemoEnvFile } from './demo-folder.ts';
import { renderHeading, renderPreparation, renderProblems, renderServing, renderWhatNow } from './demo-text.ts';
import { judgeRuns } from './judge-runs.ts';
import { runAttached } from './run-attached.ts';

export interface DemoOptions {
  /** Absolute; made if it is missing, else empty or made by an earlier demo. */
  readonly directory: string;
  /** Absolute path of templates/demo. */
  readonly sample: string;
  /** The program and first arguments that are devsetup: this Node and dist/cli.js. */
  readonly cli: readonly [string, ...string[]];
  /** How a user types the demo again and devsetup itself, for the final screen. */
  readonly again: string;
  readonly devsetup: string;
  /** Start the site after the two runs and keep it until interrupted. */
  readonly serve: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  write(text: string): void;
}

const SITE_PORT = 8000;

/**
 * Shows devsetup at work on the sample backend: a PostgreSQL of its own, a run that brings everything up and one that finds nothing to do.
 * Exit code 0 only if that is what happened, judged by the reports the two runs leave. Asks nothing.
 *
 * @throws DevsetupError DEMO_FOLDER_NOT_EMPTY, EMBEDDED_POSTGRES_MISSING, EMBEDDED_POSTGRES_FAILED
 */
export const runDemo = async (options: DemoOptions): Promise<{ readonly exitCode: ExitCodeValue }> => {
  const { directory, signal, write } = options;
  const folder = await ensureDemoFolder(directory, options.sample);
  write(
    renderPreparation(
      `A sample backend ${folder.isNew ? 'was copied to' : 'was left there by an earlier demo:'} ${directory}`,
    ),
  );
  const server = await startEmbedded({ directory: path.join(directory, '.postgres'), persistent: true });
  try {
    const variables = demoVariables({ url: server.url, superuserPassword: folder.superuserPassword });
    await writeDemoEnvFile(directory, variables);
    const env = demoEnvironment(options.env, variables);
    write(renderHeading(`PostgreSQL listens on port ${server.port}. The first run of devsetup has everything to do:`));
    const first = await runDevsetup(options, env);
    if (signal.aborted) return { exitCode: ExitCode.interrupted };
    if (first?.exitCode === 0) {
      write(renderHeading('The second run finds everything in place:'));
    }
    const second = first?.exitCode === 0 ? await runDevsetup(options, env) : undefined;
    if (signal.aborted) return { exitCode: ExitCode.interrupted };
    const problems = judgeRuns({ first, second, isNew: folder.isNew });
    if (first === undefined || second === undefined || problems.length > 0) {
      write(`\n${renderProblems(problems)}`);
      return { exitCode: ExitCode.failed };
    }
    if (options.serve) return { exitCode: await serve(options, env) };
    await server.stop();
    write(`${renderHeading('That is all devsetup does')}${renderWhatNow(first, second, options)}`);
    return { exitCode: ExitCode.done };
  } finally {
    await server.stop();
  }
};

/** The report of this very run, or undefined if it left none. */
const runDevsetup = async (
  options: DemoOptions,
  env: Readonly<Record<string, string>>,
): Promise<RunReport | undefined> => {
  const { directory, home, signal } = options;
  // The demo stops its server at its end, and says itself how the site is started.
  const [program, ...args] = [...options.cli, '--no-next'];
  const begun = options.now().toISOString();
  await runAttached({ program, args, directory, env }, signal);
  const report = readLastRun(openStateStore(stateDirectory({ env, home, root: directory })));
  return report !== undefined && report.startedAt >= begun ? report : undefined;
};

const serve = async (options: DemoOptions, env: Readonly<Record<string, string>>): Promise<ExitCodeValue> => {
  const { directory, signal, write } = options;
  const port = await findFreePort(SITE_PORT);
  write(`${renderHeading('The site')}${renderServing(port)}`);
  const backend = path.join(directory, 'backend');
  const program = path.join(directory, '.venv/bin/python');
  const code = await runAttached(
    { program, args: ['manage.py', 'runserver', String(port)], directory: backend, env },
    signal,
  );
  return code === 0 || signal.aborted ? ExitCode.done : ExitCode.failed;
};
