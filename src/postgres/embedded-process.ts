import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { DevsetupError } from '../core/errors.ts';
import type { ServerUser } from './embedded-user.ts';

const START_SECONDS = 60;

export interface ServerProcess {
  readonly pid: number;
  /** Fast shutdown: ends all sessions. */
  stop(): Promise<void>;
}

export interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  readonly data: string;
  readonly user: ServerUser;
  readonly log: ((chunk: string) => void) | undefined;
}

/** Runs initdb to its end. Throws `EMBEDDED_POSTGRES_FAILED` with its output. */
export const runInitdb = async (initdb: Launch): Promise<void> => {
  const child = launch(initdb);
  const output = keepTail(child, initdb.log);
  const code = await exitOf(child);
  if (code !== 0) throw startFailure(`initdb ended with exit code ${String(code)}`, output());
};

/** Starts the server and waits until it accepts connections. Throws `EMBEDDED_POSTGRES_FAILED` with its output. */
export const startServerProcess = async (server: Launch): Promise<ServerProcess> => {
  const child = launch(server);
  const output = keepTail(child, server.log);
  const exited = exitOf(child);
  const { pid } = child;
  if (pid === undefined) {
    await exited;
    throw startFailure(`${server.program} could not be started`, output());
  }
  const guard = guardAgainstOrphan(pid);
  const stop = async (): Promise<void> => {
    // SIGINT is PostgreSQL's fast shutdown.
    child.kill('SIGINT');
    await exited;
    guard.kill('SIGKILL');
  };
  const ready = await Promise.race([waitUntilReady(server.data, pid), exited.then(() => 'exited' as const)]);
  if (ready === 'ready') return { pid, stop };
  await stop();
  throw startFailure(ready === 'late' ? `it was not ready after ${START_SECONDS} s` : 'it ended at once', output());
};

const launch = ({ program, args, data, user }: Launch): ChildProcess =>
  spawn(program, args, {
    ...user,
    cwd: data,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A Ctrl-C in the terminal is for devsetup, which ends the server when it no longer needs it.
    detached: true,
  });

/** Ends the server when this process is gone, whatever ended it: the pipe to the shell closes then, and `read` returns. */
const guardAgainstOrphan = (pid: number): ChildProcess => {
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1"', 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Without it the server still ends on `stop`, only not on SIGKILL of this process.
  guard.on('error', () => {});
  guard.unref();
  return guard;
};

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });

const keepTail = (child: ChildProcess, log: ((chunk: string) => void) | undefined): (() => string) => {
  let tail = '';
  child.on('error', (error) => (tail += `${error.message}\n`));
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => {
      tail = (tail + chunk).slice(-8192);
      log?.(chunk);
    });
  }
  return () => tail;
};

/**
 * Removes the server's lock file if the process it names is another program by now, as in a container that was created again: PostgreSQL
 * would refuse to start. What cannot be determined is left to PostgreSQL.
 */
export const removeStaleLock = async (data: string): Promise<void> => {
  const file = lockFileOf(data);
  const [pid = ''] = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  // A server works in its data directory.
  const directory = /^\d+$/.test(pid) ? await readlink(`/proc/${pid}/cwd`).catch(() => null) : null;
  if (directory !== null && directory !== (await realpath(data))) await rm(file, { force: true });
};

const lockFileOf = (data: string): string => path.join(data, 'postmaster.pid');

/** Line 8 of postmaster.pid is the server's state, line 1 its process id; pg_ctl waits in the same way. */
const waitUntilReady = async (data: string, pid: number): Promise<'ready' | 'late'> => {
  const deadline = performance.now() + START_SECONDS * 1000;
  while (performance.now() < deadline) {
    const lines = (await readFile(lockFileOf(data), 'utf8').catch(() => '')).split('\n');
    if (lines[0]?.trim() === String(pid) && ['ready', 'standby'].includes(lines[7]?.trim() ?? '')) return 'ready';
    await sleep(20);
  }
  return 'late';
};

const startFailure = (reason: string, output: string): DevsetupError =>
  new DevsetupError({
    code: 'EMBEDDED_POSTGRES_FAILED',
    message: `The embedded PostgreSQL did not start: ${reason}.`,
    hint: 'The lines above are its own; or start a PostgreSQL of your own and set DATABASE_URL.',
    output: output.trimEnd().split('\n').slice(-20),
  });
