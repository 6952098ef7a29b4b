import { setTimeout as sleep } from 'node:timers/promises';

import type { Session } from './connect.ts';
import { findLockHolder, type LockHolder, type LockKey } from './lock-holder.ts';

/** Which shards of how many a run takes; indexes count from 1. */
export interface ShardClaim {
  readonly count: number;
  /** Its own, and 1 if it also does what all tenants share. */
  readonly indexes: readonly number[];
}

/** Who is in the way; `null`: nobody, the lock is held. */
export type Obstacle = {
  readonly by: 'run' | 'worker';
  /** null: it cannot be seen, or was gone when it was looked for. */
  readonly holder: LockHolder | null;
} | null;

export interface LockKeys {
  readonly migration: LockKey;
  readonly worker: LockKey;
  /** Held for a moment by who takes several of the others. */
  readonly gate: LockKey;
}

/** `dvsh` and `dvsw` in ASCII. */
const SHARDS = 0x64_76_73_68;
const SHARD_WORKERS = 0x64_76_73_77;
const MOST_SHARDS = 1_024;
/** Behind the gate there are a few queries only. */
const GATE_LOOKS = 20;
const GATE_PAUSE_MS = 50;

const shardKey = (index: number, count: number): LockKey => [SHARDS, count * MOST_SHARDS + index];

/** No shard's own: held as long as what all tenants share is worked on, so that others list the tenants afterwards. */
const sharedWorkKey = (count: number): LockKey => shardKey(0, count);

/** Held shared by every worker's session of a shard, beside the key that all workers hold. */
export const shardWorkerKey = (index: number, count: number): LockKey => [SHARD_WORKERS, count * MOST_SHARDS + index];

/**
 * One try to be this shard. Shards of the same count run side by side: each holds the migration lock shared, which keeps out a run
 * without shards, and its own key exclusively, which keeps out another run of the same shard. Shards of different counts have
 * tenants in common, so they exclude each other. Nobody can slip in between the looks: all of it happens behind the gate.
 */
export const tryShardLock = async (session: Session, claim: ShardClaim, keys: LockKeys): Promise<Obstacle> => {
  for (let look = 1; !(await tryLock(session, keys.gate)); look += 1) {
    if (look === GATE_LOOKS) return { by: 'run', holder: await findLockHolder(session, keys.gate) };
    await sleep(GATE_PAUSE_MS);
  }
  const taken: LockKey[] = [];
  const shared = await tryLock(session, keys.migration, 'shared');
  const obstacle = shared
    ? await claimShards(session, claim, keys, taken)
    : { by: 'run' as const, holder: await findLockHolder(session, keys.migration) };
  if (obstacle !== null) {
    for (const key of taken) await session.query('SELECT pg_advisory_unlock($1::int4, $2::int4)', key);
    if (shared) await session.query('SELECT pg_advisory_unlock_shared($1::int4, $2::int4)', keys.migration);
  }
  await session.query('SELECT pg_advisory_unlock($1::int4, $2::int4)', keys.gate);
  return obstacle;
};

const claimShards = async (
  session: Session,
  { count, indexes }: ShardClaim,
  { worker }: LockKeys,
  taken: LockKey[],
): Promise<Obstacle> => {
  const stranger = await findStranger(session, count);
  if (stranger !== null) return { by: 'run', holder: await findLockHolder(session, stranger) };
  // The first shard's work begins with what all tenants share.
  const keys = indexes.flatMap((index) =>
    index === 1 ? [shardKey(1, count), sharedWorkKey(count)] : [shardKey(index, count)],
  );
  for (const key of keys) {
    if (!(await tryLock(session, key))) return { by: 'run', holder: await findLockHolder(session, key) };
    taken.push(key);
  }
  const siblings = Array.from({ length: count }, (_, at) => at + 1).filter((index) => !indexes.includes(index));
  return findOrphan(
    session,
    worker,
    siblings.map((index) => shardWorkerKey(index, count)[1]),
  );
};

const tryLock = async (
  session: Session,
  key: LockKey,
  mode: 'exclusive' | 'shared' = 'exclusive',
): Promise<boolean> => {
  const name = mode === 'shared' ? 'pg_try_advisory_lock_shared' : 'pg_try_advisory_lock';
  const [row] = await session.query<{ locked: boolean }>(`SELECT ${name}($1::int4, $2::int4) AS locked`, key);
  return row?.locked === true;
};

/** Whether a shard of this count works on what all tenants share. */
export const isSharedWorkRunning = async (session: Session, count: number): Promise<boolean> => {
  const held = await session.query(
    `SELECT 1 FROM pg_locks l WHERE ${HERE} AND l.classid = $1::int4::oid AND l.objid = $2::int4::oid`,
    [...sharedWorkKey(count)],
  );
  return held.length > 0;
};

/** The other shards hear on this channel that it is done: a lock that is gone does not say whether its holder has failed. */
export const sharedWorkChannel = (count: number): string => `devsetup_shared_work_of_${count}`;

export const endSharedWork = async (session: Session, count: number): Promise<void> => {
  await session.query(`NOTIFY ${sharedWorkChannel(count)}`);
  await session.query('SELECT pg_advisory_unlock($1::int4, $2::int4)', [...sharedWorkKey(count)]);
};

const HERE = `l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** A shard of another count. */
const findStranger = async (session: Session, count: number): Promise<LockKey | null> => {
  const [row] = await session.query<{ key: number }>(
    `SELECT l.objid::int AS key FROM pg_locks l
     WHERE ${HERE} AND l.classid = $1::int4::oid AND l.objid::int8 / ${MOST_SHARDS} <> $2::int8 LIMIT 1`,
    [SHARDS, count],
  );
  return row === undefined ? null : [SHARDS, row.key];
};

/** A worker that is no sibling's: left behind by a run that was killed. */
const findOrphan = async (session: Session, worker: LockKey, siblings: readonly number[]): Promise<Obstacle> => {
  const [row] = await session.query(
    `SELECT 1 FROM pg_locks l
     WHERE ${HERE} AND l.classid = $1::int4::oid AND l.objid = $2::int4::oid AND NOT EXISTS (
       SELECT 1 FROM pg_locks s WHERE s.pid = l.pid AND s.locktype = 'advisory' AND s.granted AND s.objsubid = 2
         AND s.classid = $3::int4::oid AND s.objid::int8 = ANY($4::int8[])) LIMIT 1`,
    [...worker, SHARD_WORKERS, siblings],
  );
  return row === undefined ? null : { by: 'worker', holder: await findLockHolder(session, worker) };
};
