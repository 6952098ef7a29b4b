import { withClient, type ConnectOptions, type Session } from './connect.ts';
import type { DatabaseTarget } from './database-target.ts';

export interface ServerFacts {
  /** e.g. `16.4`. */
  readonly serverVersion: string;
  /** How many more sessions this role can open in this database now; never negative. The own one is already given back. */
  readonly freeConnections: number;
}

// A limit of -1 means none. Reserved connections are left alone even if the role could use them. Of other roles' sessions an
// unprivileged role sees no backend_type: those that have a database and a role count as clients.
const SQL = `
  WITH sessions AS (
    SELECT datname, usename FROM pg_stat_activity
    WHERE coalesce(backend_type, 'client backend') = 'client backend' AND datname IS NOT NULL AND usename IS NOT NULL
      AND pid <> pg_backend_pid()
  )
  SELECT
    current_setting('server_version') AS version,
    least(
      current_setting('max_connections')::int
        - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true), '0')::int
        - (SELECT count(*) FROM sessions),
      CASE WHEN d.datconnlimit < 0 THEN NULL ELSE d.datconnlimit - (SELECT count(*) FROM sessions WHERE datname = d.datname) END,
      CASE WHEN r.rolconnlimit < 0 THEN NULL ELSE r.rolconnlimit - (SELECT count(*) FROM sessions WHERE usename = r.rolname) END
    )::int AS free
  FROM pg_database d, pg_roles r
  WHERE d.datname = current_database() AND r.rolname = current_user`;

export const factsOfSession = async (session: Session): Promise<ServerFacts> => {
  const [row] = await session.query<{ version: string; free: number }>(SQL);
  return {
    serverVersion: row?.version.replace(/ .*/, '') ?? 'unknown',
    freeConnections: Math.max(0, row?.free ?? 0),
  };
};

export const readServerFacts = (target: DatabaseTarget, options: ConnectOptions = {}): Promise<ServerFacts> =>
  withClient(target, factsOfSession, options);
