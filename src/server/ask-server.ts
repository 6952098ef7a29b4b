import { isDevsetupError } from '../core/errors.ts';
import { withClient } from '../postgres/connect.ts';
import { EMBEDDED_HOST, EMBEDDED_USER, readKept } from '../postgres/embedded-kept.ts';
import type { DatabaseTarget } from '../postgres/target.ts';
import type { ServerPlace } from './server-place.ts';

/** A server that answered, and proved to be this checkout's. */
export interface RunningServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** e.g. `18.4` */
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly databases: readonly ServerDatabase[];
}

export interface ServerDatabase {
  readonly name: string;
  readonly bytes: number;
}

export type Answer =
  | { readonly kind: 'answers'; readonly server: RunningServer }
  /** `reason`: in words, why not. */
  | { readonly kind: 'silent'; readonly reason: string };

const CONNECT_MILLISECONDS = 3_000;

const FACTS = `SELECT current_setting('data_directory') AS data, current_setting('server_version') AS version,
  to_char(pg_postmaster_start_time() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS started`;
const DATABASES = `SELECT datname AS name, pg_database_size(oid)::float8 AS bytes FROM pg_database
  WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1`;

type Facts = { readonly data: string; readonly version: string; readonly started: string };

/**
 * Asks the server itself. A process number may be another's by now and a port may be another server's, so what counts is that a
 * server lets us in with the password that was kept, and works on the folder that was kept.
 */
export const askServer = async ({ directory }: Pick<ServerPlace, 'directory'>): Promise<Answer> => {
  const kept = await readKept(directory);
  if (kept === null) return { kind: 'silent', reason: 'it has never been started' };
  try {
    return await withClient(
      targetOf(kept, 'postgres'),
      async (session): Promise<Answer> => {
        const [facts] = await session.query<Facts>(FACTS);
        if (facts?.data !== kept.data) return { kind: 'silent', reason: `another server answers on port ${kept.port}` };
        const databases = await session.query<{ readonly name: string; readonly bytes: number }>(DATABASES);
        const { port, password } = kept;
        const { version, started: startedAt } = facts;
        return {
          kind: 'answers',
          server: { host: EMBEDDED_HOST, port, user: EMBEDDED_USER, password, version, startedAt, databases },
        };
      },
      { connectMilliseconds: CONNECT_MILLISECONDS, applicationName: 'devsetup db' },
    );
  } catch (error) {
    if (!isDevsetupError(error)) throw error;
    return { kind: 'silent', reason: error.message };
  }
};

export const targetOf = (server: Pick<RunningServer, 'port' | 'password'>, database: string): DatabaseTarget => ({
  host: EMBEDDED_HOST,
  port: server.port,
  database,
  user: EMBEDDED_USER,
  password: server.password,
  // It is reached over loopback only, and encrypting takes longer.
  tls: { mode: 'disable', rootCertificate: '', certificate: '', key: '' },
});
