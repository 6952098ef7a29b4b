import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

import { findServerUser } from '../../src/postgres/embedded-user.ts';
import { findFreePort } from '../../src/postgres/free-port.ts';
import { targetOf } from './database-target.ts';
import { needs } from './needs.ts';

const PLACES = ['/usr/sbin', '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];

/** The program of the system's package `pgbouncer`; undefined where it is not installed. */
const pgbouncerProgram = PLACES.map((place) => `${place}/pgbouncer`).find(existsSync);

export const needsPgBouncer = needs(pgbouncerProgram !== undefined, 'pgbouncer is not installed');

export interface PgBouncer {
  /** The URL of the same database through the pooler. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A real PgBouncer before the server of `url`. */
export const startPgBouncer = async (
  url: string,
  mode: 'session' | 'transaction' | 'statement',
  settings: Readonly<Record<string, string>> = {},
): Promise<PgBouncer> => {
  const { host, port, user, password } = targetOf(url);
  const directory = await mkdtemp(path.join(os.tmpdir(), 'devsetup-pgbouncer-'));
  await chmod(directory, 0o755);
  const listen = await findFreePort();
  await writeFile(path.join(directory, 'users.txt'), `"${user}" "${password}"\n`);
  const lines = {
    listen_addr: '127.0.0.1',
    listen_port: String(listen),
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: path.join(directory, 'users.txt'),
    pool_mode: mode,
    ...settings,
  };
  const ini = `[databases]\n* = host=${host} port=${port}\n[pgbouncer]\n${Object.entries(lines)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('')}`;
  await writeFile(path.join(directory, 'pgbouncer.ini'), ini);
  // It refuses to run as root, like the server.
  const child = spawn(pgbouncerProgram ?? 'pgbouncer', [path.join(directory, 'pgbouncer.ini')], {
    ...(await findServerUser()),
    stdio: 'ignore',
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await waitForPort(listen);
  const pooled = new URL(url);
  pooled.port = String(listen);
  return {
    url: pooled.href,
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
};

const waitForPort = async (port: number): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('pgbouncer did not start');
};
