import type { Session } from './connect.ts';

/** A session of this database that has been in one transaction for some time. */
export interface OpenTransaction {
  readonly pid: number;
  /** null: it gave none. */
  readonly applicationName: string | null;
  readonly role: string;
  /** As pg_stat_activity says: `active`, `idle in transaction`, … */
  readonly state: string;
  /** Since the transaction began. */
  readonly seconds: number;
  /** Since its state changed: how long it has been idle, or busy with one statement. */
  readonly secondsInState: number;
  /** Sessions that wait for a lock it holds. */
  readonly blocks: number;
  /** It waits for a lock itself. */
  readonly waits: boolean;
}

// Waiting for an advisory lock is how programs take turns or elect a leader, and no sign of trouble. Other roles' transactions are
// seen by those only that may (pg_read_all_stats, superusers). pg_blocking_pids is asked for waiting sessions alone: it is dear.
const SQL = `
  WITH waiting AS (SELECT DISTINCT pid FROM pg_locks WHERE NOT granted AND locktype <> 'advisory'),
  blocking AS (
    SELECT b.pid, count(DISTINCT w.pid) AS blocks
    FROM waiting w CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS b(pid) GROUP BY b.pid
  )
  SELECT a.pid, nullif(a.application_name, '') AS "applicationName", a.usename::text AS role, a.state,
    extract(epoch FROM clock_timestamp() - a.xact_start)::int AS seconds,
    extract(epoch FROM clock_timestamp() - a.state_change)::int AS "secondsInState",
    coalesce(b.blocks, 0)::int AS blocks, a.pid IN (SELECT pid FROM waiting) AS waits
  FROM pg_stat_activity a LEFT JOIN blocking b ON b.pid = a.pid
  WHERE a.datname = current_database() AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
    AND a.state IS NOT NULL AND a.xact_start < clock_timestamp() - interval '5 seconds'
  ORDER BY a.xact_start LIMIT 100`;

/** The longest first. */
export const readTransactions = (session: Session): Promise<readonly OpenTransaction[]> =>
  session.query<OpenTransaction & Record<string, unknown>>(SQL);
