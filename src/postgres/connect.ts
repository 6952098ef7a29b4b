import type { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';

import type { Client } from 'pg';

import { DevsetupError } from '../core/errors.ts';
import { connectionProblem, type ConnectionFailure } from './connection-problem.ts';
import { queryError } from './query-problem.ts';
import { sqlStateOf } from './server-problem.ts';
import { describeTarget, type DatabaseTarget } from './database-target.ts';
import { readTlsOptions, transportsFor, type Transport } from './tls-options.ts';

type Row = Readonly<Record<string, unknown>>;

/** One session on the server. */
export interface Session {
  query<R extends Row = Row>(sql: string, values?: readonly unknown[]): Promise<readonly R[]>;
  /** Fires with the first notification on this channel (a plain name) from now on. */
  listen(channel: string): Promise<AbortSignal>;
  /** Fires once when the connection is gone without `end` having been called; `reason` is the error. */
  readonly lost: AbortSignal;
  end(): Promise<void>;
}

export interface ConnectOptions {
  /** Aborting closes the connection; what runs on it fails with the signal's reason. */
  readonly signal?: AbortSignal;
  /** At most 63 bytes are kept by the server. Default `devsetup`. */
  readonly applicationName?: string;
  /** From the first packet to the end of the login. Default 5000. */
  readonly connectMilliseconds?: number;
  /** For each statement, measured here: poolers refuse a statement_timeout sent at login. Default 30 000. */
  readonly queryMilliseconds?: number;
}

/** A host that vanished never confirms the end. */
const END_MILLISECONDS = 1_000;

/** Opens a session, runs `fn`, closes it. What fails is a DevsetupError (see connection-problem and query-problem). */
export const withClient = async <T>(
  target: DatabaseTarget,
  fn: (session: Session) => Promise<T>,
  options: ConnectOptions = {},
): Promise<T> => {
  const session = await openSession(target, options);
  try {
    return await fn(session);
  } finally {
    await session.end();
  }
};

export const openSession = async (target: DatabaseTarget, options: ConnectOptions = {}): Promise<Session> => {
  const result = await tryConnect(target, options);
  if ('session' in result) return result.session;
  const { code, message, hint, kind } = connectionProblem(result.failure, target);
  const text = kind === 'wait' ? `The database does not answer: ${message}.` : message;
  throw new DevsetupError({ code, message: text, hint, cause: result.failure.error });
};

export type ConnectResult = { readonly session: Session } | { readonly failure: ConnectionFailure };

/** One try, with libpq's second way for sslmode `prefer` and `allow`. Throws only the reason of an aborted signal. */
export const tryConnect = async (target: DatabaseTarget, options: ConnectOptions = {}): Promise<ConnectResult> => {
  const [first = 'plain', second] = transportsFor(target);
  const result = await tryTransport(target, first, options);
  if ('session' in result || second === undefined || !isWorthOtherTransport(result.failure)) return result;
  const other = await tryTransport(target, second, options);
  // Where both fail the first answer is kept, unless it only said that there is no TLS.
  return 'session' in other || first === 'tls' ? other : result;
};

const isWorthOtherTransport = ({ error, connected, firstBytes, transport }: ConnectionFailure): boolean => {
  if (!connected || firstBytes === null) return false;
  const state = sqlStateOf(error);
  return state === '28000' || (transport === 'tls' && firstBytes.length === 1 && state === null);
};

const tryTransport = async (
  target: DatabaseTarget,
  transport: Transport,
  options: ConnectOptions,
): Promise<ConnectResult> => {
  options.signal?.throwIfAborted();
  // Loaded only now: most runs that end early never need it.
  const { Client } = await import('pg');
  let ssl: ConnectionOptions | false = false;
  try {
    if (transport === 'tls') ssl = readTlsOptions(target);
  } catch (error) {
    return { failure: { error, connected: false, firstBytes: null, transport, timedOut: false } };
  }
  const socket = new net.Socket();
  let connected = false;
  let timedOut = false;
  let firstBytes: Buffer | null = null;
  let offersBinding = false;
  socket.once('connect', () => (connected = true));
  socket.once('data', (bytes: Buffer) => (firstBytes = bytes.subarray(0, 64)));
  const client = new Client({
    host: target.host === '' ? defaultSocketDirectory(target.port) : target.host,
    port: target.port,
    database: target.database,
    user: target.user === '' ? os.userInfo().username : target.user,
    // A function also where there is none: pg would take one from devsetup's own environment and password file.
    password: () => {
      if (target.requiresChannelBinding === true && !offersBinding) throw noBinding(target);
      return target.password === '' ? (undefined as unknown as string) : target.password;
    },
    ssl,
    sslnegotiation: 'postgres',
    enableChannelBinding: target.requiresChannelBinding === true && transport === 'tls',
    options: target.startOptions ?? '',
    stream: () => socket,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: options.applicationName ?? 'devsetup',
    query_timeout: options.queryMilliseconds ?? 30_000,
  });
  // Before any password is sent.
  (client as unknown as { readonly connection: EventEmitter }).connection.on('authenticationSASL', ({ mechanisms }) => {
    offersBinding = transport === 'tls' && (mechanisms as readonly string[]).includes('SCRAM-SHA-256-PLUS');
  });
  const lost = new AbortController();
  let ending = false;
  const onLost = (reason: unknown): void => {
    if (!ending) lost.abort(reason);
  };
  client.on('error', onLost);
  client.on('end', () => onLost(new Error('Connection terminated unexpectedly')));
  const abort = (): void => {
    socket.destroy();
  };
  options.signal?.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(() => {
    timedOut = true;
    socket.destroy(new Error('timeout expired'));
  }, options.connectMilliseconds ?? 5_000);
  const release = (): void => {
    ending = true;
    options.signal?.removeEventListener('abort', abort);
  };
  try {
    await client.connect();
    if (target.requiresChannelBinding === true && !offersBinding) throw noBinding(target);
    if (target.sessionAttributes !== undefined) await checkSession(client, target, target.sessionAttributes);
  } catch (error) {
    release();
    socket.destroy();
    options.signal?.throwIfAborted();
    return { failure: { error, connected, firstBytes, transport, timedOut } };
  } finally {
    clearTimeout(timer);
  }
  return {
    session: {
      query: async (sql, values = []) => {
        try {
          return (await client.query(sql, [...values])).rows;
        } catch (error) {
          options.signal?.throwIfAborted();
          throw queryError(error, target);
        }
      },
      listen: async (channel) => {
        const notified = new AbortController();
        client.on('notification', (notice) => notice.channel === channel && notified.abort());
        await client.query(`LISTEN ${channel}`);
        return notified.signal;
      },
      lost: lost.signal,
      end: async () => {
        release();
        // A connection that is already gone cannot be closed, and that is what was wanted.
        await Promise.race([client.end().catch(() => {}), sleep(END_MILLISECONDS, undefined, { ref: false })]);
        socket.destroy();
      },
    },
  };
};

const noBinding = (target: DatabaseTarget): DevsetupError =>
  new DevsetupError({
    code: 'DATABASE_TLS_REFUSED',
    message: `The login at ${describeTarget(target)} is without channel binding, and channel_binding=require demands it.`,
    hint: 'Use channel_binding=prefer for this server, or turn on TLS and scram-sha-256 there.',
  });

/** As libpq does for `target_session_attrs` once it is logged in. */
const checkSession = async (client: Client, target: DatabaseTarget, wanted: string): Promise<void> => {
  const { rows } = await client.query<{ standby: boolean; readonly: boolean }>(
    "SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only') = 'on' AS readonly",
  );
  const { standby = false, readonly = false } = rows[0] ?? {};
  const is = { primary: !standby, standby, 'read-only': readonly, 'read-write': !readonly }[wanted];
  if (is !== false) return;
  throw new DevsetupError({
    code: 'DATABASE_CONNECTION_REFUSED',
    message: `The server at ${describeTarget(target)} ${standby ? 'is a standby' : readonly ? 'only reads' : 'is a primary that writes'}, and target_session_attrs=${wanted} demands another.`,
    hint: 'Name the primary server in DATABASE_URL or DATABASES.',
  });
};

/** libpq is built with one of the two; the one that has a socket is meant. */
const defaultSocketDirectory = (port: number): string =>
  ['/var/run/postgresql', '/tmp'].find((directory) => existsSync(`${directory}/.s.PGSQL.${port}`)) ??
  '/var/run/postgresql';
