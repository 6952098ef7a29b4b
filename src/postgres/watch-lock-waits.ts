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
  /** `schema.table`; null: it waits for a row, for the end of a transaction, or for an advisory lock. */
  readonly relation: string | null;
  /** It waits for an advisory lock that is not devsetup's. */
  readonly advisory: boolean;
  /** What waits, on one line; null where it cannot be seen. */
  readonly statement: string | null;
  readonly blockers: readonly Blocker[];
}

export interface LockWatch {
  /** The last time one of these server processes was seen waiting. */
  find(pids: readonly number[]): LockWait | undefined;
  stop(): Promise<void>;
}

// Waits for advisory locks of its own namespace are between devsetups, and reported by them. One row a blocker. pg_blocking_pids is
// expensive: waiting ones only.
const SQL = `
  SELECT w.pid, w.locktype = 'advisory' AS advisory, CASE WHEN c.oid IS NULL THEN NULL ELSE n.nspname || '.' || c.relname END AS relation, a.query AS statement,
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
  WHERE NOT w.granted AND NOT (w.locktype = 'advisory' AND w.classid = $1::int4::oid)`;

interface Row extends Readonly<Record<string, unknown>> {
  readonly pid: number;
  readonly advisory: boolean;
  readonly relation: string | null;
  readonly statement: string | null;
  readonly blocker: number;
  readonly name: string | null;
  readonly role: string | null;
  readonly state: string | null;
  readonly since: Date | null;
}

const LONGEST_STATEMENT = 200;

export interface WatchOptions {
  readonly holding: LockKey;
  readonly everyMilliseconds: number;
  readonly signal?: AbortSignal;
  /** Called when a session has been seen waiting twice in a row, once for each of what it waits for. */
  readonly onWait?: (wait: LockWait) => void;
  /** Called when none of those waits any more. */
  readonly onFree?: () => void;
  /** Called when the server has not answered for some seconds, once until it answers again. */
  readonly onSilent?: () => void;
  readonly onAnswer?: () => void;
}

/** A server that takes longer to answer one line does not answer: stopped, swapped out, or cut off from the network. */
const SILENT_MILLISECONDS = 5_000;

/**
 * Checks repeatedly which of the sessions that hold this advisory lock wait, and for whom: once a statement has given up,
 * nobody can tell any more. Best effort: without a session for it, or where the server refuses, nothing is found.
 */
export const watchLockWaits = (target: DatabaseTarget, options: WatchOptions): LockWatch => {
  const seen = new Map<number, LockWait>();
  const reports = reporting(options);
  const stopped = new AbortController();
  const signal = options.signal === undefined ? stopped.signal : AbortSignal.any([options.signal, stopped.signal]);
  const open = (): Promise<Session> =>
    openSession(target, {
      applicationName: 'devsetup lock watch',
      connectMilliseconds: SILENT_MILLISECONDS,
      queryMilliseconds: SILENT_MILLISECONDS,
      signal,
    });
  // Opened at the first check: most of what is watched ends before it.
  let session: Promise<Session> | undefined;
  let looking = false;
  let isSilent = false;
  let isRefused = false;
  const look = async (): Promise<void> => {
    if (looking || isRefused) return;
    looking = true;
    const began = performance.now();
    try {
      const rows = await (await (session ??= open())).query<Row>(SQL, options.holding);
      const waits = groupByWaiting(rows);
      for (const [pid, wait] of waits) seen.set(pid, wait);
      if (stopped.signal.aborted) return;
      if (isSilent) options.onAnswer?.();
      isSilent = false;
      reports(waits);
    } catch {
      if (stopped.signal.aborted) return;
      void end(session);
      session = undefined;
      // The run says itself when the server refuses or is gone; that it cannot be watched then is no failure.
      isRefused = performance.now() - began < SILENT_MILLISECONDS * 0.9;
      if (isRefused || isSilent) return;
      isSilent = true;
      options.onSilent?.();
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), options.everyMilliseconds);
  return {
    find: (pids) => pids.map((pid) => seen.get(pid)).findLast((wait) => wait !== undefined),
    stop: async () => {
      clearInterval(timer);
      stopped.abort();
      await end(session);
    },
  };
};

/** Of a session that may never have been opened. */
const end = async (session: Promise<Session> | undefined): Promise<void> => {
  await session?.then((open) => open.end()).catch(() => undefined);
};

/** Most waits end within a moment: only what is there twice in a row is worth a line, and only one. */
const reporting = ({ onWait, onFree }: WatchOptions): ((waits: ReadonlyMap<number, LockWait>) => void) => {
  const reported = new Set<string>();
  let before: ReadonlySet<string> = new Set();
  return (waits) => {
    const now = new Map([...waits].map(([pid, wait]) => [keyOf(pid, wait), wait]));
    for (const [key, wait] of now) {
      if (!before.has(key) || reported.has(key)) continue;
      reported.add(key);
      onWait?.(wait);
    }
    if (reported.size > 0 && now.size === 0) {
      reported.clear();
      onFree?.();
    }
    before = new Set(now.keys());
  };
};

const keyOf = (pid: number, { relation, blockers }: LockWait): string =>
  JSON.stringify([pid, relation, blockers.map((blocker) => blocker.pid)]);

const groupByWaiting = (rows: readonly Row[]): ReadonlyMap<number, LockWait> => {
  const waits = new Map<number, LockWait>();
  for (const { pid, relation, advisory, statement, blocker, name, role, state, since } of rows) {
    const before = waits.get(pid)?.blockers ?? [];
    const line = statement?.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_STATEMENT) ?? null;
    waits.set(pid, {
      relation,
      advisory,
      statement: line,
      blockers: [...before, { pid: blocker, applicationName: name, role, state, since }],
    });
  }
  return waits;
};

/** What is waited for, in words: `t1.notices_notice`. */
export const describeWaitedFor = ({ relation, advisory }: LockWait): string =>
  relation ?? (advisory ? 'an advisory lock' : 'a row or transaction');

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
