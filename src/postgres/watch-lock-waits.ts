import { openSession, type Session } from './connect.ts';
import type { DatabaseTarget } from './database-target.ts';
import type { LockKey } from './lock-holder.ts';

/** A session that holds what another waits for. What the role may not see of other roles' sessions is null. */
export interface Blocker {
  readonly pid: number;
  readonly applicationName: string | null;
  readonly role: string | null;
  /** `active`, `idle in transaction`, … */
  readonly state: string | null;
  /** When its transaction began. */
  readonly since: Date | null;
}

export interface LockWait {
  /** `schema.table`; null: it waits for a row, or for the end of a transaction. */
  readonly relation: string | null;
  /** What waits, on one line; null where it cannot be seen. */
  readonly statement: string | null;
  readonly blockers: readonly Blocker[];
}

export interface LockWatch {
  /** The last time one of these server processes was seen waiting. */
  find(pids: readonly number[]): LockWait | undefined;
  stop(): Promise<void>;
}

// Waits for advisory locks are between devsetups, and told by them. One row a blocker. pg_blocking_pids is dear: waiting ones only.
const SQL = `
  SELECT w.pid, CASE WHEN c.oid IS NULL THEN NULL ELSE n.nspname || '.' || c.relname END AS relation, a.query AS statement,
    b.pid AS blocker, nullif(s.application_name, '') AS name, s.usename::text AS role, s.state, s.xact_start AS since
  FROM pg_locks w
  JOIN pg_locks l ON l.pid = w.pid AND l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
    AND l.classid = $1::int4::oid AND l.objid = $2::int4::oid
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  JOIN pg_stat_activity a ON a.pid = w.pid
  LEFT JOIN pg_class c ON c.oid = w.relation
  LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS b(pid)
  LEFT JOIN pg_stat_activity s ON s.pid = b.pid
  WHERE NOT w.granted AND w.locktype <> 'advisory'`;

interface Row extends Readonly<Record<string, unknown>> {
  readonly pid: number;
  readonly relation: string | null;
  readonly statement: string | null;
  readonly blocker: number;
  readonly name: string | null;
  readonly role: string | null;
  readonly state: string | null;
  readonly since: Date | null;
}

const LONGEST_STATEMENT = 200;

/**
 * Looks again and again at which of the sessions that hold this advisory lock wait, and for whom: once a statement has given up,
 * nobody can tell any more. Best effort: without a session for it, or where the server refuses, nothing is found.
 */
export const watchLockWaits = async (
  target: DatabaseTarget,
  options: { readonly holding: LockKey; readonly everyMilliseconds: number; readonly signal?: AbortSignal },
): Promise<LockWatch> => {
  const seen = new Map<number, LockWait>();
  const session = await openSession(target, {
    applicationName: 'devsetup lock watch',
    queryMilliseconds: 5_000,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  }).catch(() => undefined);
  let looking = false;
  const look = async (open: Session): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      const rows = await open.query<Row>(SQL, options.holding);
      for (const [pid, wait] of groupByWaiting(rows)) seen.set(pid, wait);
    } catch {
      // The run says itself when the server is gone; that it cannot be watched is no failure.
    } finally {
      looking = false;
    }
  };
  const timer = session === undefined ? undefined : setInterval(() => void look(session), options.everyMilliseconds);
  return {
    find: (pids) => pids.map((pid) => seen.get(pid)).findLast((wait) => wait !== undefined),
    stop: async () => {
      clearInterval(timer);
      await session?.end();
    },
  };
};

const groupByWaiting = (rows: readonly Row[]): ReadonlyMap<number, LockWait> => {
  const waits = new Map<number, LockWait>();
  for (const { pid, relation, statement, blocker, name, role, state, since } of rows) {
    const before = waits.get(pid)?.blockers ?? [];
    const line = statement?.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_STATEMENT) ?? null;
    waits.set(pid, {
      relation,
      statement: line,
      blockers: [...before, { pid: blocker, applicationName: name, role, state, since }],
    });
  }
  return waits;
};

/** e.g. `nightly report (server process 4711, role app, idle in transaction since 2026-01-31 12:00:00 UTC)`. */
export const describeBlocker = ({ pid, applicationName, role, state, since }: Blocker): string => {
  const facts = [
    `server process ${pid}`,
    ...(role === null ? [] : [`role ${role}`]),
    ...(state === null ? [] : [state]),
  ].join(', ');
  const time = since === null ? '' : ` since ${since.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return `${applicationName ?? 'another session'} (${facts}${time})`;
};
