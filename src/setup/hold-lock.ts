import { isDevsetupError, type DevsetupError } from '../core/errors.ts';
import type { Progress } from '../core/step.ts';
import { describeHolder, withMigrationLock, type ShardClaim } from '../postgres/advisory-lock.ts';
import { detectTransactionPooler, poolerError } from '../postgres/pooler.ts';
import type { DatabaseTarget } from '../postgres/target.ts';

export interface HeldLock {
  /** True if somebody else held it first: the state of the database may have changed meanwhile. */
  readonly waited: boolean;
  /** Of shard 1: what all tenants share is done. */
  endSharedWork(): Promise<void>;
  release(): Promise<void>;
}

export interface HoldLockOptions {
  readonly timeoutSeconds: number;
  readonly version: string;
  readonly shards?: ShardClaim | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** The lock's connection is gone: going on would be unprotected. */
  readonly onLost: (reason: DevsetupError) => void;
}

/**
 * Takes the migration lock of a database and keeps it until `release`.
 *
 * @throws DATABASE_POOLER where session locks mean nothing, LOCK_TIMEOUT naming the holder
 */
export const holdLock = async (target: DatabaseTarget, options: HoldLockOptions): Promise<HeldLock> => {
  const [pooler, lock] = await Promise.allSettled([
    detectTransactionPooler(target, { signal: options.signal }),
    acquire(target, options),
  ]);
  if (lock.status === 'rejected') throw lock.reason;
  const found = pooler.status === 'rejected' ? pooler.reason : pooler.value && poolerError(target, pooler.value);
  if (found === null) return lock.value;
  await lock.value.release();
  throw found;
};

const acquire = (target: DatabaseTarget, options: HoldLockOptions): Promise<HeldLock> => {
  let waited = false;
  return new Promise<HeldLock>((resolve, reject) => {
    const held = withMigrationLock(
      target,
      {
        timeoutSeconds: options.timeoutSeconds,
        version: options.version,
        shards: options.shards,
        signal: options.signal,
        onWaiting: (holder) => {
          waited = true;
          options.progress.update(`waiting for ${describeHolder(holder)}`, { important: true });
        },
      },
      (lost, endSharedWork) =>
        new Promise<void>((release) => {
          lost.addEventListener(
            'abort',
            () => {
              // It also fires for the user's own interruption, which ends the run anyway.
              const reason: unknown = lost.reason;
              if (isDevsetupError(reason)) options.onLost(reason);
            },
            { once: true },
          );
          resolve({
            waited,
            endSharedWork,
            release: async () => {
              release();
              // A lock that was lost is told through onLost.
              await held.catch(() => undefined);
            },
          });
        }),
    );
    held.catch(reject);
  });
};
