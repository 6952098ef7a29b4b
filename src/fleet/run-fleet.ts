import { isDevsetupError, type DevsetupError } from '../core/errors.ts';
import { COMPANION_GONE, companionErrorOf } from '../django/companion-errors.ts';
import type { TenantResult } from '../django/protocol.ts';
import type { FleetBatch } from './plan-fleet.ts';

export interface FleetOutcome {
  readonly results: readonly TenantResult[];
  readonly notAttempted: readonly string[];
}

export interface FleetProgress {
  readonly done: number;
  readonly failed: number;
  readonly total: number;
  /** Schemas being migrated now. */
  readonly active: readonly string[];
}

export interface RunFleetOptions {
  readonly batches: readonly FleetBatch[];
  readonly workers: number;
  /** After such a failure nothing new is started. Default: after none. */
  readonly endsRun?: (failure: TenantResult) => boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: FleetProgress) => void;
  /** Migrates the schemas of one batch one after the other and calls back for each; a crash of the worker rejects. */
  readonly migrate: (
    batch: FleetBatch,
    on: { readonly started: (schema: string) => void; readonly finished: (result: TenantResult) => void },
    signal: AbortSignal,
  ) => Promise<void>;
}

/**
 * Migrates batches with several workers at once. One failure never hides another: every schema ends in exactly one of
 * `results` and `notAttempted`. A worker that dies fails the tenant it was at; the rest of its batch is given to a new worker.
 */
export const runFleet = async (options: RunFleetOptions): Promise<FleetOutcome> => {
  let queue: FleetBatch[] = [];
  const total = options.batches.reduce((sum, batch) => sum + batch.schemas.length, 0);
  const results = new Map<string, TenantResult>();
  const active = new Set<string>();
  const failed = (): number => [...results.values()].filter((result) => result.outcome === 'failed').length;
  const report = (): void => options.onProgress({ done: results.size, failed: failed(), total, active: [...active] });
  // What the other workers are at is finished. (The plan then has batches of one.)
  let stopped = false;

  const settle = (result: TenantResult): void => {
    active.delete(result.schema);
    results.set(result.schema, result);
    if (result.outcome === 'failed' && options.endsRun?.(result) === true) stopped = true;
    report();
  };
  const work = async (): Promise<void> => {
    for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
      if (stopped || options.signal.aborted) return;
      let current: string | undefined;
      const started = (schema: string): void => {
        current = schema;
        active.add(schema);
        report();
      };
      const rest = (): readonly string[] => batch?.schemas.filter((schema) => !results.has(schema)) ?? [];
      try {
        await options.migrate(batch, { started, finished: settle }, options.signal);
      } catch (error) {
        if (!isDevsetupError(error)) throw error;
        const begun = current !== undefined && !results.has(current) ? current : undefined;
        // Without Django nothing further can begin; a worker alone is replaced.
        if (error.code === COMPANION_GONE) stopped = true;
        const guilty = begun ?? (stopped ? undefined : rest()[0]);
        if (guilty !== undefined) settle(crashed(guilty, error));
        if (rest().length > 0) queue.unshift({ ...batch, schemas: rest() });
      }
    }
  };
  for (const first of [true, false]) {
    queue = options.batches.filter((batch) => batch.first === first);
    await Promise.all(Array.from({ length: Math.min(options.workers, queue.length) }, work));
  }
  const all = options.batches.flatMap((batch) => batch.schemas);
  return {
    results: all.flatMap((schema) => results.get(schema) ?? []),
    notAttempted: all.filter((schema) => !results.has(schema)),
  };
};

const crashed = (schema: string, error: DevsetupError): TenantResult => ({
  kind: 'tenant',
  schema,
  outcome: 'failed',
  seconds: 0,
  applied: 0,
  faked: [],
  schemaCreated: false,
  failedMigration: null,
  failedAtomic: null,
  error: {
    code: error.code,
    type: null,
    message: error.message,
    traceback: '',
    place: null,
    data: companionErrorOf(error)?.data ?? {},
  },
});
