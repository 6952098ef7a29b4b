import type { Progress } from '../core/step.ts';
import type { TenantResult } from '../django/protocol.ts';
import type { FleetBatch } from '../fleet/plan-fleet.ts';
import type { FleetOutcome } from '../fleet/run-fleet.ts';
import { pauseBefore } from '../pipeline/try-again.ts';
import { describeBlocker, type LockWait } from '../postgres/watch-lock-waits.ts';
import { describeCollision } from './collision.ts';
import type { SetupContext } from './context.ts';
import { COLLISION_TRIES, failedLikeCollision, planRetry, type Retry } from './plan-retry.ts';

/** How the tenants of one try are migrated. */
export interface Try {
  /** The migrate command runs even where nothing is pending: what it does after the last migration may have failed. */
  readonly repeat: boolean;
  readonly alone: boolean;
}

interface Work {
  readonly batches: readonly FleetBatch[];
  readonly failFast: boolean;
  readonly waits: ReadonlyMap<string, LockWait>;
  readonly isAppliedElsewhere: (migration: string, schema: string) => boolean;
}

export interface Tried {
  readonly outcome: FleetOutcome;
  /** By schema, where it took more than one try. */
  readonly tries: ReadonlyMap<string, number>;
  /** Schemas that collided with another session at some time. */
  readonly collided: ReadonlySet<string>;
}

/**
 * Runs the fleet, and again those tenants that other sessions were in the way of. One that hit the lock timeout is repeated as often as
 * the environment's settings say, with growing pauses; one that collided is repeated next to the others, and at last alone.
 */
export const retryTenants = async (
  context: SetupContext,
  progress: Progress,
  work: Work,
  run: (batches: readonly FleetBatch[], how: Try) => Promise<FleetOutcome>,
): Promise<Tried> => {
  const lockRetries = context.pipeline?.settings.lockRetries ?? 0;
  const tries = new Map<string, number>();
  const collisions = new Map<string, number>();
  const wasAlone = new Set<string>();
  const count = (results: readonly TenantResult[]): void => {
    for (const { schema } of results.filter(failedLikeCollision))
      collisions.set(schema, (collisions.get(schema) ?? 0) + 1);
  };

  let outcome = await run(work.batches, { repeat: false, alone: false });
  count(outcome.results);
  const collided = new Set<string>();
  for (let attempt = 1; !context.signal.aborted; attempt += 1) {
    const retry = planRetry(outcome.results, {
      lockRetries,
      failFast: work.failFast,
      tries: (schema) => tries.get(schema) ?? 1,
      collisions: (schema) => collisions.get(schema) ?? 0,
      wasAlone: (schema) => wasAlone.has(schema),
      isAppliedElsewhere: work.isAppliedElsewhere,
    });
    if (retry === undefined) break;
    for (const schema of retry.collided) collided.add(schema);
    if (!(await announce(context, progress, { retry, attempt, lockRetries, outcome, waits: work.waits }))) break;
    const again = [...retry.locked, ...retry.collided];
    if (retry.alone) for (const schema of again) wasAlone.add(schema);
    const after = await run(chooseBatches(work.batches, new Set(again), retry.alone), {
      repeat: true,
      alone: retry.alone,
    });
    count(after.results);
    for (const { schema } of after.results) tries.set(schema, (tries.get(schema) ?? 1) + 1);
    outcome = mergeOutcomes(outcome, after);
  }
  return { outcome, tries, collided };
};

/** Says what is tried again, and waits where the lock of another session is in the way; false where the run was interrupted meanwhile. */
const announce = async (
  context: SetupContext,
  progress: Progress,
  facts: {
    readonly retry: Retry;
    readonly attempt: number;
    readonly lockRetries: number;
    readonly outcome: FleetOutcome;
    readonly waits: ReadonlyMap<string, LockWait>;
  },
): Promise<boolean> => {
  const { retry, attempt, lockRetries, outcome, waits } = facts;
  const { locked, collided, alone } = retry;
  if (collided.length > 0) {
    const error = outcome.results.find(({ schema }) => schema === collided[0])?.error ?? null;
    const how = alone
      ? 'trying again, one at a time without other workers'
      : `try ${attempt + 1} of ${COLLISION_TRIES}`;
    progress.update(`${countedNames(collided)} ${describeCollision(error)}: ${how}`, { important: true });
  }
  if (locked.length === 0) return !context.signal.aborted;
  return pauseBefore(attempt, context.signal, (seconds) =>
    progress.update(`${describeWaiting(locked, waits)}: try ${attempt + 1} of ${lockRetries + 1} in ${seconds} s`, {
      important: true,
    }),
  );
};

const countedNames = (schemas: readonly string[]): string =>
  schemas.length === 1 ? (schemas[0] ?? '') : `${schemas.length} tenants`;

const describeWaiting = (schemas: readonly string[], waits: ReadonlyMap<string, LockWait>): string => {
  const blocker = waits.get(schemas[0] ?? '')?.blockers[0];
  return `${countedNames(schemas)} gave way to a lock${blocker === undefined ? '' : ` of ${describeBlocker(blocker)}`}`;
};

/** Each is a batch of its own, so that after a failure no other is started. */
const chooseBatches = (
  batches: readonly FleetBatch[],
  wanted: ReadonlySet<string>,
  alone: boolean,
): readonly FleetBatch[] =>
  batches
    .map((batch) => ({ ...batch, schemas: batch.schemas.filter((schema) => wanted.has(schema)) }))
    .flatMap((batch) => (alone ? batch.schemas.map((schema) => ({ ...batch, schemas: [schema] })) : [batch]))
    .filter(({ schemas }) => schemas.length > 0);

/** What was repeated counts as it ended last, with the work and the time of all its tries. */
const mergeOutcomes = (before: FleetOutcome, after: FleetOutcome): FleetOutcome => {
  const later = new Map(after.results.map((result) => [result.schema, result]));
  return {
    results: before.results.map((first) => {
      const last = later.get(first.schema);
      if (last === undefined) return first;
      return {
        ...last,
        seconds: Math.round((first.seconds + last.seconds) * 10_000) / 10_000,
        applied: first.applied + last.applied,
        faked: [...first.faked, ...last.faked],
        schemaCreated: first.schemaCreated || last.schemaCreated,
      };
    }),
    notAttempted: before.notAttempted,
  };
};
