import type { TenantResult } from '../django/protocol.ts';
import { isCollision, isVictim, mayBeCollision } from './collision.ts';
import { isLockFailure } from './lock-failure.ts';

/** The first try, one next to other workers, one alone. */
export const COLLISION_TRIES = 3;

/** Which tenants are tried again, and how. */
export interface Retry {
  /** They hit the lock timeout: trying does not release the lock of another session, so there is a pause first. */
  readonly locked: readonly string[];
  /** They collided with another session. */
  readonly collided: readonly string[];
  /** One tenant at a time, and no worker of another shard meanwhile. */
  readonly alone: boolean;
}

export interface RetryFacts {
  readonly lockRetries: number;
  readonly failFast: boolean;
  /** How often a tenant was tried so far, and how often it collided. */
  readonly tries: (schema: string) => number;
  readonly collisions: (schema: string) => number;
  readonly wasAlone: (schema: string) => boolean;
  /** Whether this migration was applied in another tenant during this run; true where that cannot be known. */
  readonly isAppliedElsewhere: (migration: string, schema: string) => boolean;
}

/**
 * Whether the failed migration left no changes. One that is not atomic may have done half its work: doing that a second time can
 * fail, or do harm, so a person has to check.
 */
const isUndone = (result: TenantResult): boolean => result.outcome === 'failed' && result.failedAtomic !== false;

export const failedLikeCollision = ({ error }: TenantResult): boolean => isCollision(error) || mayBeCollision(error);

/**
 * Whether no further tenant is started after this failure. With fail-fast: unless other sessions are the cause, so that the same work may
 * pass later. Alone: if it fails as in a collision, for then it was none, and the other tenants would fail in the same way.
 */
export const endsTry = (
  failure: TenantResult,
  { alone, failFast, lockRetries }: { readonly alone: boolean } & Pick<RetryFacts, 'failFast' | 'lockRetries'>,
): boolean => {
  if (alone && failedLikeCollision(failure) && !isVictim(failure.error)) return true;
  const isTemporary = isCollision(failure.error) || (lockRetries > 0 && isLockFailure(failure.error));
  return failFast && !(isTemporary && isUndone(failure));
};

/** undefined: nothing is tried again. */
export const planRetry = (results: readonly TenantResult[], facts: RetryFacts): Retry | undefined => {
  const { tries, collisions, wasAlone, lockRetries } = facts;
  const undone = results.filter(isUndone);
  const locked = undone.filter(({ schema, error }) => isLockFailure(error) && tries(schema) <= lockRetries);
  const collided = undone.filter(
    (result) =>
      !locked.includes(result) &&
      !wasAlone(result.schema) &&
      (isCollision(result.error) || isPerhapsCollision(result, facts)),
  );
  if (locked.length + collided.length === 0) return undefined;
  return {
    locked: locked.map(({ schema }) => schema),
    collided: collided.map(({ schema }) => schema),
    alone: collided.some(({ schema, error }) => !isCollision(error) || collisions(schema) >= COLLISION_TRIES - 1),
  };
};

/**
 * "Already exists" comes from a collision only if another session created the object meanwhile: then the same migration was applied
 * elsewhere. With fail-fast such a failure ends the run.
 */
const isPerhapsCollision = (
  { error, failedMigration, schema }: TenantResult,
  { failFast, isAppliedElsewhere }: RetryFacts,
): boolean =>
  !failFast && mayBeCollision(error) && failedMigration !== null && isAppliedElsewhere(failedMigration, schema);
