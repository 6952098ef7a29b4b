import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { Client, escapeIdentifier } from 'pg';

import { startEmbedded, type EmbeddedServer } from '../../src/postgres/embedded.ts';
import { TEST_POSTGRES_VARIABLE } from './global-postgres.ts';

export interface TestDatabase {
  /** postgresql://user:password@host:port/name */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly name: string;
  /** Ends the sessions that are left in it, too. */
  drop(): Promise<void>;
}

/** A superuser's URL of the database `postgres` on the server that all tests share. */
export const adminUrl = (): string => {
  const url = process.env[TEST_POSTGRES_VARIABLE];
  if (url === undefined)
    throw new Error('test/support/global-postgres.ts is not in the globalSetup of this test project');
  return url;
};

/** Runs SQL, one statement a call, and returns the rows. */
export const query = async (
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Record<string, unknown>[]> => {
  const client = new Client({
    connectionString: url,
    application_name: 'devsetup-tests',
  });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
};

/** An empty database of its own on the shared server (or on the server of `admin`), owned by the superuser. */
export const createDatabase = async (
  name = `t_${randomBytes(6).toString('hex')}`,
  admin = adminUrl(),
): Promise<TestDatabase> => {
  const url = new URL(admin);
  const quoted = escapeIdentifier(name);
  await query(admin, `CREATE DATABASE ${quoted} TEMPLATE template0`);
  url.pathname = `/${encodeURIComponent(name)}`;
  return {
    url: url.href,
    host: url.hostname,
    port: Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    name,
    drop: async () => {
      await query(admin, `DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`);
    },
  };
};

export interface OwnServer {
  readonly url: string;
  readonly port: number;
  readonly password: string;
  /** The data directory. */
  readonly data: string;
  pid(): number;
  stop(): Promise<void>;
  /** After `stop`: the same data on the same port. */
  start(): Promise<void>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

/** A server of its own for tests that stop and restart it. `settings` are PostgreSQL's. */
export const startOwnServer = async (settings: Readonly<Record<string, string>> = {}): Promise<OwnServer> => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'devsetup-own-postgres-'));
  const begin = (port?: number): Promise<EmbeddedServer> =>
    startEmbedded({
      directory,
      persistent: true,
      settings: { fsync: 'off', ...settings },
      ...(port === undefined ? {} : { port }),
    });
  let server = await begin();
  const { url, port, password, data } = server;
  return {
    data,
    url,
    port,
    password,
    pid: () => server.pid,
    stop: () => server.stop(),
    start: async () => {
      server = await begin(port);
    },
    remove: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
};
