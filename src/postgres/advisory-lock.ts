import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import { DevsetupError } from '../core/errors.ts';
import { openSession, type Session } from './connect.ts';
import { describeTarget, type DatabaseTarget } from './database-target.ts';
import { describeHolder, findLockHolder, type LockHolder, type LockKey } from './lock-holder.ts';
import { endSharedWork, tryShardLock, type Obstacle, type ShardClaim } from './shard-lock.ts';

export { describeHolder, type LockHolder };
export { shardWorkerKey, type ShardClaim } from './shard-lock.ts';

/** `dvst` in ASCII: keeps devsetup's keys apart from those of others in the same database. */
const NAMESPACE = 0x64_76_73_74;

/** Held by the one run that migrates. Advisory locks are per database, so the key need not name it. */
export const MIGRATION_LOCK: LockKey = [NAMESPACE, 1];
/** Held shared by every worker's session while it migrates. */
export const WORKER_LOCK: LockKey = [NAMESPACE, 2];
const GATE_LOCK: LockKey = [NAMESPACE, 3];
/** Held shared by every other session that Django opens for devsetup, never exclusively: it marks the waits of devsetup. */
export const SESSION_LOCK: LockKey = [NAMESPACE, 4];

export interface LockOptions {
  /** 0: one try. Infinity: no limit. */
  readonly timeoutSeconds: number;
  /** Called when the wait begins and whenever the holder changes; null if it cannot be seen. */
  readonly onWaiting?: (holder: LockHolder | null) => void;
  readonly signal?: AbortSignal;
  /** devsetup's own, for what a run that has to wait is told about this one. */
  readonly version: string;
  /** This run is one of several that share the tenants (see shard-lock). */
  readonly shards?: ShardClaim | undefined;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;
const HEARTBEAT_MS = 15_000;

/** The server keeps 63 bytes. */
const lockApplicationName = ({ version, shards }: LockOptions, pid: number, hostname: string): string => {
  const shard = shards === undefined ? '' : ` shard ${shards.indexes.at(-1)}/${shards.count}`;
  return `devsetup ${version}${shard} pid ${pid} on ${hostname}`.slice(0, 63);
};

/**
 * Runs `fn` while no other run migrates this database. Held is a session lock on a connection of its own: it ends with the
 * connection, so a killed run leaves nothing behind. Workers of a killed run can outlive it for a moment; they are waited for.
 * `fn`'s signal fires on `options.signal` and when the lock is lost; it may end what shards wait for earlier. Throws `LOCK_TIMEOUT` and `LOCK_LOST`.
 */
export const withMigrationLock = async <T>(
  target: DatabaseTarget,
  options: LockOptions,
  fn: (signal: AbortSignal, endSharedWork: () => Promise<void>) => Promise<T>,
): Promise<T> => {
  // The user's signal ends the wait. Once the lock is held it must not: what `fn` started still has to stop under the lock.
  const waiting = new AbortController();
  const stopWaiting = (): void => waiting.abort(options.signal?.reason);
  options.signal?.addEventListener('abort', stopWaiting, { once: true });
  options.signal?.throwIfAborted();
  let session: Session | undefined;
  try {
    session = await openSession(target, {
      queryMilliseconds: HEARTBEAT_MS,
      signal: waiting.signal,
      applicationName: lockApplicationName(options, process.pid, os.hostname()),
    });
    await acquire(session, target, options);
    options.signal?.removeEventListener('abort', stopWaiting);
    const endShared = endOfSharedWork(session, options);
    return await runGuarded(session, target, options.signal, (signal) => fn(signal, endShared));
  } finally {
    options.signal?.removeEventListener('abort', stopWaiting);
    // Ending the session releases its locks.
    await session?.end();
  }
};

/** What all tenants share is done: the other shards may list them. Answers how to say so, as often as it is asked. */
const endOfSharedWork = (session: Session, { shards }: LockOptions): (() => Promise<void>) => {
  let isHeld = shards?.indexes.includes(1) === true;
  return async () => {
    if (!isHeld || shards === undefined) return;
    isHeld = false;
    await endSharedWork(session, shards.count);
  };
};

const tryExclusive = async (session: Session, key: LockKey, by: 'run' | 'worker'): Promise<Obstacle> => {
  const [row] = await session.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_lock($1::int4, $2::int4) AS locked',
    key,
  );
  return row?.locked === true ? null : { by, holder: await findLockHolder(session, key) };
};

const acquire = async (open: Session, target: DatabaseTarget, options: LockOptions): Promise<void> => {
  const deadline = performance.now() + options.timeoutSeconds * 1000;
  try {
    const { shards } = options;
    if (shards !== undefined) {
      const keys = { migration: MIGRATION_LOCK, worker: WORKER_LOCK, gate: GATE_LOCK };
      return await poll(() => tryShardLock(open, shards, keys), deadline, target, options);
    }
    await poll(() => tryExclusive(open, MIGRATION_LOCK, 'run'), deadline, target, options);
    await poll(() => tryExclusive(open, WORKER_LOCK, 'worker'), deadline, target, options);
    await open.query('SELECT pg_advisory_unlock($1::int4, $2::int4)', WORKER_LOCK);
  } catch (error) {
    throw open.lost.aborted && options.signal?.aborted !== true ? lockLost(target, open.lost.reason) : error;
  }
};

/** Polls, because a blocking pg_advisory_lock could neither report the holder nor obey the signal. */
const poll = async (
  attempt: () => Promise<Obstacle>,
  deadline: number,
  target: DatabaseTarget,
  options: LockOptions,
): Promise<void> => {
  let reported: number | undefined;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    options.signal?.throwIfAborted();
    const obstacle = await attempt();
    if (obstacle === null) return;
    const { holder } = obstacle;
    const remaining = deadline - performance.now();
    if (remaining <= 0) throw lockTimeout(target, obstacle, options.timeoutSeconds);
    if ((holder?.pid ?? 0) !== reported) options.onWaiting?.(holder);
    reported = holder?.pid ?? 0;
    await sleep(Math.min(pause, remaining), undefined, options.signal === undefined ? {} : { signal: options.signal });
  }
};

const runGuarded = async <T>(
  session: Session,
  target: DatabaseTarget,
  signal: AbortSignal | undefined,
  fn: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const lost = new AbortController();
  const lose = (reason: unknown): void => {
    if (signal?.aborted !== true) lost.abort(lockLost(target, reason));
  };
  session.lost.addEventListener('abort', () => lose(session.lost.reason), { once: true });
  if (session.lost.aborted) lose(session.lost.reason);
  // Also keeps firewalls and idle_session_timeout from cutting a connection on which nothing happens.
  const heartbeat = setInterval(() => void session.query('SELECT 1').catch(lose), HEARTBEAT_MS);
  heartbeat.unref();
  try {
    const result = await fn(signal === undefined ? lost.signal : AbortSignal.any([signal, lost.signal]));
    lost.signal.throwIfAborted();
    return result;
  } catch (error) {
    // Whatever `fn` made of the abort, the cause is the lock.
    lost.signal.throwIfAborted();
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
};

const lockTimeout = (target: DatabaseTarget, { by, holder }: NonNullable<Obstacle>, seconds: number): DevsetupError => {
  const what = by === 'worker' ? 'A worker of an earlier run still migrates' : 'Another run migrates';
  const end = holder === null ? '' : ` If it hangs: SELECT pg_terminate_backend(${holder.pid});`;
  return new DevsetupError({
    code: 'LOCK_TIMEOUT',
    message: `${what} ${describeTarget(target)}: ${describeHolder(holder)}. Waited ${seconds} s for it.`,
    hint: `Wait for it to end, or raise --lock-timeout.${end}`,
  });
};

const lockLost = (target: DatabaseTarget, cause: unknown): DevsetupError =>
  new DevsetupError({
    code: 'LOCK_LOST',
    message: `The connection that held the migration lock of ${describeTarget(target)} was lost (the server was restarted, or the network failed).`,
    hint: 'Run devsetup again when the database is back: it continues where it stopped.',
    cause,
  });
