import type { Progress } from '../core/step.ts';
import type { TenantResult } from '../django/protocol.ts';
import type { FleetBatch } from '../fleet/plan-fleet.ts';
import type { FleetOutcome } from '../fleet/run-fleet.ts';
import { pauseBefore } from '../pipeline/try-again.ts';
import { describeBlocker, type LockWait } from '../postgres/watch-lock-waits.ts';
import type { SetupContext } from './context.ts';
import { isLockFailure } from './lock-failure.ts';

/**
 * Whether a tenant gave way to a lock and nothing of the migration that did was kept. One that is not atomic may have done half its
 * work: doing that a second time can fail, or do harm, so somebody has to look.
 */
export const mayTryAgain = (result: TenantResult): boolean =>
  result.outcome === 'failed' && isLockFailure(result.error) && result.failedAtomic !== false;

type Run = (batches: readonly FleetBatch[], repeat: boolean) => Promise<FleetOutcome>;

/**
 * Runs the fleet, and those that gave way to a lock again: once everybody else is done, then with growing pauses, as often as the
 * environment's settings say.
 */
export const retryLocked = async (
  context: SetupContext,
  progress: Progress,
  work: { readonly batches: readonly FleetBatch[]; readonly waits: ReadonlyMap<string, LockWait> },
  run: Run,
): Promise<{ readonly outcome: FleetOutcome; readonly tries: ReadonlyMap<string, number> }> => {
  const retries = context.pipeline?.settings.lockRetries ?? 0;
  const tries = new Map<string, number>();
  let outcome = await run(work.batches, false);
  for (let attempt = 1; attempt <= retries; attempt += 1) {
    const waiting = outcome.results.filter(mayTryAgain).map(({ schema }) => schema);
    if (waiting.length === 0 || context.signal.aborted) break;
    const say = (seconds: string): void =>
      progress.update(
        `${describeWaiting(waiting, work.waits)}: try ${attempt + 1} of ${retries + 1} in ${seconds} s`,
        true,
      );
    if (!(await pauseBefore(attempt, context.signal, say))) break;
    for (const schema of waiting) tries.set(schema, attempt + 1);
    outcome = mergeOutcomes(outcome, await run(chooseBatches(work.batches, new Set(waiting)), true));
  }
  return { outcome, tries };
};

const describeWaiting = (schemas: readonly string[], waits: ReadonlyMap<string, LockWait>): string => {
  const [first = ''] = schemas;
  const who = schemas.length === 1 ? first : `${schemas.length} tenants`;
  const blocker = waits.get(first)?.blockers[0];
  return `${who} gave way to a lock${blocker === undefined ? '' : ` of ${describeBlocker(blocker)}`}`;
};

const chooseBatches = (batches: readonly FleetBatch[], wanted: ReadonlySet<string>): readonly FleetBatch[] =>
  batches
    .map((batch) => ({ ...batch, schemas: batch.schemas.filter((schema) => wanted.has(schema)) }))
    .filter(({ schemas }) => schemas.length > 0);

/** What was repeated counts as it ended last, with the work and the time of all its tries. */
export const mergeOutcomes = (before: FleetOutcome, after: FleetOutcome): FleetOutcome => {
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
