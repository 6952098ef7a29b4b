import { companionErrorOf } from '../django/companion-errors.ts';
import type { CompanionError } from '../django/protocol.ts';
import { SESSION_LOCK, WORKER_LOCK } from '../postgres/advisory-lock.ts';
import { describeTarget } from '../postgres/target.ts';
import {
  describeBlocker,
  describeWaitedFor,
  watchLockWaits,
  type LockWait,
  type LockWatch,
} from '../postgres/watch-lock-waits.ts';
import type { LockKey } from '../postgres/lock-holder.ts';
import type { Progress } from '../core/step.ts';
import type { SetupContext } from './context.ts';

const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK = '40P01';

/** Whether a statement gave way to somebody else's lock: the same work may go through a moment later. */
export const isLockFailure = (error: Pick<CompanionError, 'data'> | null): boolean =>
  [LOCK_NOT_AVAILABLE, DEADLOCK].includes(String(error?.data['sqlstate']));

/** The same of what a request rejected with. */
export const isLockError = (error: unknown): boolean => isLockFailure(companionErrorOf(error));

const LOOK_MILLISECONDS = 1_000;

/**
 * Watches who waits for whom while `fn` migrates, and reports what waits for longer than a moment: outside of a pipeline there is
 * no limit to that. Also reports a server that no longer answers.
 */
export const watchingLocks = <T>(
  context: SetupContext,
  progress: Progress,
  fn: (watch: Pick<LockWatch, 'find'>) => Promise<T>,
): Promise<T> => watching(context, progress, WORKER_LOCK, fn);

/** The same of a request that is no worker: the inspection, the superuser. */
export const watchingSession = <T>(context: SetupContext, progress: Progress, fn: () => Promise<T>): Promise<T> =>
  watching(context, progress, SESSION_LOCK, fn);

const watching = async <T>(
  context: SetupContext,
  progress: Progress,
  holding: LockKey,
  fn: (watch: Pick<LockWatch, 'find'>) => Promise<T>,
): Promise<T> => {
  if ((await context.django(progress)).description.database.vendor !== 'postgresql')
    return fn({ find: () => undefined });
  const limit = context.pipeline?.settings.lockTimeoutSeconds;
  const target = await context.target(progress);
  const watch = watchLockWaits(target, {
    holding,
    everyMilliseconds:
      limit === undefined ? LOOK_MILLISECONDS : Math.min(LOOK_MILLISECONDS / 2, Math.max(50, limit * 250)),
    signal: context.signal,
    onWait: (wait) => progress.update(describeWait(wait), { important: true, stays: true }),
    onFree: () => progress.update('no longer waiting for a lock', { important: true }),
    onSilent: () =>
      progress.update(`waiting for ${describeTarget(target)}, which does not answer`, { important: true, stays: true }),
    onAnswer: () => progress.update('the database answers again', { important: true }),
  });
  try {
    return await fn(watch);
  } finally {
    await watch.stop();
  }
};

/** e.g. `waiting for a lock on t1.notices_notice, held by nightly report (server process …)`. */
export const describeWait = (wait: LockWait): string => {
  const what = wait.advisory ? describeWaitedFor(wait) : `a lock on ${describeWaitedFor(wait)}`;
  const statement = wait.statement === null ? '' : `: ${wait.statement}`;
  return `waiting for ${what}, held by ${wait.blockers.map(describeBlocker).join(', ')}${statement}`;
};

/** Who was waited for, as far as it was seen. */
export const findLockWait = (error: CompanionError | null, watch: Pick<LockWatch, 'find'>): LockWait | undefined => {
  const sessions: unknown = error?.data['sessions'];
  return Array.isArray(sessions) ? watch.find(sessions.map(Number)) : undefined;
};

/** e.g. `no lock on t1.notices_notice within 2 s; it is held by nightly report (server process …)`. */
export const describeLockFailure = (
  error: CompanionError,
  wait: LockWait | undefined,
  lockTimeoutSeconds: number | undefined,
): string => {
  const deadlock = error.data['sqlstate'] === DEADLOCK;
  const what = wait === undefined ? 'what it needs' : describeWaitedFor(wait);
  const limit = lockTimeoutSeconds === undefined ? '' : ` within ${lockTimeoutSeconds} s`;
  const head = deadlock ? `a deadlock over ${what}` : `no lock on ${what}${limit}`;
  const held = wait === undefined ? '' : `; held by ${wait.blockers.map(describeBlocker).join(', ')}`;
  const statement = wait === undefined || wait.statement === null ? '' : `; waiting was: ${wait.statement}`;
  return `${head}${held}${statement}`;
};

/** What ends a transaction that does not end by itself. */
export const lockHint = (waits: readonly (LockWait | undefined)[]): string => {
  const pids = [...new Set(waits.flatMap((wait) => wait?.blockers.map(({ pid }) => pid) ?? []))];
  const end = pids.length === 0 ? '' : ` If it hangs: SELECT pg_terminate_backend(${pids[0]});`;
  return `Wait until the transaction that holds the lock has ended, then repeat; or raise lockRetries of the environment.${end}`;
};

/** Why a migration that gave way is not tried again by itself. */
export const notAtomicHint = (migration: string): string =>
  `${migration} is not atomic: what it did before it gave way was kept, and doing that again may fail or do harm. See what of it is there (an index may be left invalid), mend that, then repeat.`;
