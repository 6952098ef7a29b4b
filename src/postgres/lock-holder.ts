import type { Session } from './connect.ts';

export type LockKey = readonly [number, number];

/** A session that has the lock. What the role may not see of other roles' sessions is null. */
export interface LockHolder {
  readonly pid: number;
  readonly applicationName: string | null;
  readonly clientAddress: string | null;
  /** When its session began. */
  readonly since: Date | null;
}

// Two int4 keys are shown as classid and objid with objsubid 2 (PostgreSQL's manual, pg_locks).
const SQL = `
  SELECT l.pid, nullif(a.application_name, '') AS name, host(a.client_addr) AS address, a.backend_start AS since
  FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.classid = $1::int4::oid AND l.objid = $2::int4::oid
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.pid <> pg_backend_pid()
  ORDER BY a.backend_start`;

/** The session that holds the lock longest; null if it was released meanwhile. */
export const findLockHolder = async (session: Session, key: LockKey): Promise<LockHolder | null> => {
  const [row] = await session.query<{ pid: number; name: string | null; address: string | null; since: Date | null }>(
    SQL,
    key,
  );
  if (row === undefined) return null;
  return { pid: row.pid, applicationName: row.name, clientAddress: row.address, since: row.since };
};

/** e.g. `devsetup 0.1.0 pid 7 on laptop (server process 4711, from 10.0.0.7) since 2026-01-31 12:00:00 UTC`. */
export const describeHolder = (holder: LockHolder | null): string => {
  if (holder === null) return 'another session';
  const from = holder.clientAddress === null ? '' : `, from ${holder.clientAddress}`;
  const since = holder.since === null ? '' : ` since ${holder.since.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return `${holder.applicationName ?? 'another session'} (server process ${holder.pid}${from})${since}`;
};
