import { spawn, type ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import type { RunReport } from '../../src/core/report.ts';
import { pasteFaults } from './pasted-commands.ts';
import type { Venv } from './venv.ts';
import { HOMES_VARIABLE } from './global-homes.ts';

/** The built program; `npm test` builds it first. */
export const CLI = path.resolve(import.meta.dirname, '../../dist/cli.js');

export interface RunDevsetupOptions {
  readonly cwd: string;
  /** Added to a minimal environment (PATH, HOME, state directory, VIRTUAL_ENV); undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** From `ensureVenv`; given to devsetup as VIRTUAL_ENV. Without it devsetup finds or makes its own. */
  readonly python?: Venv;
  /** HOME, with the state directory and the log in it. Default: one a working directory, kept from run to run. */
  readonly home?: string;
  /** Runs it as this user, as only root can; HOME is given to that user. */
  readonly user?: number;
  /** Aborting sends SIGINT, as Ctrl-C does. */
  readonly signal?: AbortSignal;
  /** The program and its first arguments, instead of this Node and dist/cli.js. */
  readonly program?: readonly [string, ...string[]];
}

export interface DevsetupRun {
  /** null: ended by `endedBy`. */
  readonly exitCode: number | null;
  readonly endedBy: NodeJS.Signals | null;
  /** Invalid UTF-8 is replaced. */
  readonly stdout: string;
  readonly stderr: string;
  /** stdout, where it is one JSON document. */
  readonly json: RunReport | undefined;
  /** What is wrong with the commands that its report prints, pasted where the user is. */
  pasteFaults(): readonly string[];
  readonly home: string;
  readonly stateDirectory: string;
}

export interface StartedDevsetup {
  readonly child: ChildProcess;
  /** Resolves when it has ended, whatever its exit code. */
  readonly ended: Promise<DevsetupRun>;
  /** Resolves once stdout or stderr holds the text; rejects if it ends without. */
  waitForOutput(text: string | RegExp): Promise<void>;
}

const homes = new Map<string, string>();

const homeOf = (directory: string): string => {
  const home = homes.get(directory) ?? mkdtempSync(path.join(process.env[HOMES_VARIABLE] ?? os.tmpdir(), 'h-'));
  homes.set(directory, home);
  return home;
};

/** The complete environment of a run. */
export const environmentOf = ({ cwd, env, python, home = homeOf(cwd) }: RunDevsetupOptions): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: home,
  DEVSETUP_STATE_DIR: path.join(home, 'state'),
  DEVSETUP_LOG_FILE: path.join(home, 'devsetup.log'),
  ...(python === undefined ? {} : { VIRTUAL_ENV: python.directory }),
  ...env,
});

/** Runs the built CLI to its end. */
export const runDevsetup = (args: readonly string[], options: RunDevsetupOptions): Promise<DevsetupRun> =>
  startDevsetup(args, options).ended;

/** Starts the built CLI; for tests that interrupt it or do something meanwhile. */
export const startDevsetup = (args: readonly string[], options: RunDevsetupOptions): StartedDevsetup => {
  // A test may give the program another HOME: the log and the state stay where they are.
  const home = options.home ?? homeOf(options.cwd);
  const stateDirectory = path.join(home, 'state');
  const env = environmentOf({ ...options, home });
  const [program, ...before] = options.program ?? [process.execPath, CLI];
  const { user } = options;
  if (user !== undefined) chownSync(home, user, user);
  const child = spawn(program, [...before, ...args], {
    cwd: options.cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  const output = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8');
    child[name].on('data', (chunk: string) => {
      output[name] += chunk;
      for (const watch of watchers) watch();
    });
  }
  const interrupt = (): boolean => child.kill('SIGINT');
  options.signal?.addEventListener('abort', interrupt, { once: true });
  const ended = new Promise<DevsetupRun>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, endedBy) => {
      options.signal?.removeEventListener('abort', interrupt);
      const json = parseReport(output.stdout);
      const faults = (): readonly string[] => pasteFaults(json, { cwd: options.cwd, path: env['PATH'] ?? '' });
      resolve({ exitCode, endedBy, ...output, json, pasteFaults: faults, home, stateDirectory });
    });
  });
  const waitForOutput = async (text: string | RegExp): Promise<void> => {
    const isThere = (): boolean => {
      const all = output.stdout + output.stderr;
      return typeof text === 'string' ? all.includes(text) : text.test(all);
    };
    const seen = new Promise<true>((resolve) => {
      const watch = (): void => {
        if (isThere()) resolve(true);
      };
      watchers.add(watch);
      watch();
    });
    if ((await Promise.race([seen, ended])) === true || isThere()) return;
    throw new Error(`devsetup ended without printing ${String(text)}:\n${output.stdout}${output.stderr}`);
  };
  return { child, ended, waitForOutput };
};

const parseReport = (stdout: string): RunReport | undefined => {
  if (!stdout.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(stdout) as RunReport;
  } catch {
    // Not one document: the test sees it by `json` being undefined.
    return undefined;
  }
};
