import { DevsetupError } from '../core/errors.ts';
import type { Progress } from '../core/step.ts';
import type { Inspection, MigrationEvent } from '../django/protocol.ts';
import { countWorkers } from '../fleet/count-workers.ts';
import { planFleet, type FleetPlan } from '../fleet/plan-fleet.ts';
import { runFleet, type FleetOutcome } from '../fleet/run-fleet.ts';
import { isInShard } from '../pipeline/shard.ts';
import type { LockWait } from '../postgres/watch-lock-waits.ts';
import { readServerFacts } from '../postgres/server-facts.ts';
import type { SetupContext } from './context.ts';
import { forgetting } from './forgetting.ts';
import { isFakeInitial } from './is-fake-initial.ts';
import { findLockWait, watchingLocks } from './lock-failure.ts';
import { endsTry } from './plan-retry.ts';
import { retryTenants, type Tried } from './retry-tenants.ts';
import { schemaRules } from './schema-rules.ts';
import { showFleet } from './show-migration.ts';

/** Measured: a worker replaced after this many tenants neither grows nor pays for its start. */
const BATCH_SIZE = 10;

export interface FleetRun extends FleetOutcome, Pick<Tried, 'tries' | 'collided'> {
  readonly plan: FleetPlan;
  readonly workers: number;
  /** By schema: what was applied, with seconds; and for whom one waited in vain. */
  readonly migrations: ReadonlyMap<string, readonly MigrationEvent[]>;
  readonly waits: ReadonlyMap<string, LockWait>;
}

/** Migrates the tenants named (all: []) that are not up to date; one result each. */
export const migrateFleet = async (
  context: SetupContext,
  progress: Progress,
  onlyTenants: readonly string[],
): Promise<FleetRun> => {
  const django = await context.django(progress);
  const inspection = await context.inspection(progress);
  const { freeConnections } = await readServerFacts(await context.target(progress), {
    signal: context.signal,
  });
  const shard = context.pipeline?.shard ?? null;
  const tenants = inspection.tenants?.length ?? 0;
  const workers = countWorkers({
    configured: context.config.migrations.concurrency,
    cores: context.cores,
    freeConnections,
    tenants,
  });
  const failFast = context.options.failFast || context.config.migrations.failFast;
  const rules = schemaRules(context);
  const plan = planFleet(inspection, {
    onlyTenants,
    workers,
    batchSize: failFast ? 1 : BATCH_SIZE,
    isMine: ownTenants(context, inspection),
    rules,
  });
  if (plan.unknown.length > 0) throw unknownTenants(plan.unknown);

  const fakeInitial = await isFakeInitial(context, progress);
  const migrations = new Map<string, readonly MigrationEvent[]>();
  const waits = new Map<string, LockWait>();
  const lockRetries = context.pipeline?.settings.lockRetries ?? 0;
  const isAppliedElsewhere = (migration: string, schema: string): boolean =>
    shard !== null ||
    [...migrations].some(
      ([other, events]) => other !== schema && events.some((event) => event.migration === migration),
    );
  const show = showFleet(progress);
  const work = watchingLocks(context, progress, (watch) =>
    retryTenants(context, progress, { batches: plan.batches, failFast, waits, isAppliedElsewhere }, (batches, how) =>
      runFleet({
        batches,
        workers: how.alone ? 1 : workers,
        endsRun: (failure) => endsTry(failure, { alone: how.alone, failFast, lockRetries }),
        signal: context.signal,
        onProgress: (state) => show.fleet(state),
        migrate: async (batch, on, signal) => {
          const group = batch.group === null ? undefined : inspection.groups[batch.group];
          await django.migrateTenants(
            {
              schemas: [...batch.schemas],
              fakeInitial,
              ...context.workerLocks,
              applied: group?.appliedNames ?? [],
              createSchemas: rules.own,
              ...how,
              repeat: how.repeat || batch.schemas.some((schema) => inspection.unfinished?.includes(schema)),
            },
            {
              signal,
              onOutput: (text) => progress.output(text),
              onProgress: (event) => {
                show.migration(event);
                if (event.kind === 'tenant-started') on.started(event.schema);
                if (event.kind === 'migration' && event.schema !== null)
                  migrations.set(event.schema, [...(migrations.get(event.schema) ?? []), event]);
                if (event.kind === 'tenant') {
                  const wait = findLockWait(event.error, watch);
                  if (wait !== undefined) waits.set(event.schema, wait);
                  on.finished(event);
                }
              },
            },
          );
        },
      }),
    ),
  );
  const { outcome, tries, collided } = await forgetting(context, work);
  return { ...outcome, plan, workers, migrations, waits, tries, collided };
};

const unknownTenants = (names: readonly string[]): DevsetupError =>
  new DevsetupError({
    code: 'TENANT_UNKNOWN',
    message: `--only-tenants names tenants that do not exist: ${names.join(', ')}`,
    hint: 'Names are those of the schemas, separated by commas.',
  });

/** The tenants that this run migrates: all, or those of its shard. What others are cloned from is migrated by shard 1. */
export const ownTenants = (
  { pipeline }: Pick<SetupContext, 'pipeline'>,
  { templates }: Pick<Inspection, 'templates'>,
): ((schema: string) => boolean) => {
  const shard = pipeline?.shard ?? null;
  const bases = new Set(templates.map(({ schema }) => schema));
  return (schema) => (bases.has(schema) ? shard === null || shard.index === 1 : isInShard(schema, shard));
};
