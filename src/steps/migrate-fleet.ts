import { DevsetupError } from '../core/errors.ts';
import type { Progress } from '../core/step.ts';
import type { TenantResult } from '../django/protocol.ts';
import { countWorkers } from '../fleet/count-workers.ts';
import { planFleet, type FleetPlan } from '../fleet/plan-fleet.ts';
import { runFleet, type FleetOutcome, type FleetProgress } from '../fleet/run-fleet.ts';
import { WORKER_LOCK } from '../postgres/advisory-lock.ts';
import { readServerFacts } from '../postgres/server-facts.ts';
import type { SetupContext } from './context.ts';
import { forgetting } from './forgetting.ts';
import { isFakeInitial } from './is-fake-initial.ts';

/** Measured: a worker replaced after this many tenants neither grows nor pays for its start. */
const BATCH_SIZE = 10;

export interface FleetRun extends FleetOutcome {
  readonly plan: FleetPlan;
  readonly workers: number;
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
  const tenants = inspection.tenants?.length ?? 0;
  const workers = countWorkers({
    configured: context.config.migrations.concurrency,
    cores: context.cores,
    freeConnections,
    tenants,
  });
  const plan = planFleet(inspection, { onlyTenants, workers, batchSize: context.options.failFast ? 1 : BATCH_SIZE });
  if (plan.unknown.length > 0) throw unknownTenants(plan.unknown);

  const fakeInitial = await isFakeInitial(context, progress);
  const outcome = await forgetting(
    context,
    runFleet({
      batches: plan.batches,
      workers,
      failFast: context.options.failFast || context.config.migrations.failFast,
      signal: context.signal,
      onProgress: (state) => progress.update(renderProgress(state)),
      migrate: async (batch, on, signal) => {
        const group = batch.group === null ? undefined : inspection.groups[batch.group];
        await django.migrateTenants(
          {
            schemas: [...batch.schemas],
            fakeInitial,
            workerLock: [...WORKER_LOCK],
            applied: group?.appliedNames ?? [],
          },
          {
            signal,
            onOutput: (text) => progress.output(text),
            onProgress: (event) => {
              if (event.kind === 'tenant-started') on.started(event.schema);
              if (event.kind === 'tenant') on.finished(event);
            },
          },
        );
      },
    }),
  );
  return { ...outcome, plan, workers };
};

/** `137/900 · 2 failed`, and while there are few also which. */
const renderProgress = ({ done, failed, total, active }: FleetProgress): string =>
  [
    `${done}/${total}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(active.length > 0 && total <= 20 ? [active.join(', ')] : []),
  ].join(' · ');

const unknownTenants = (names: readonly string[]): DevsetupError =>
  new DevsetupError({
    code: 'TENANT_UNKNOWN',
    message: `--only-tenants names tenants that do not exist: ${names.join(', ')}`,
    hint: 'Names are those of the schemas, separated by commas.',
  });

/** One line a tenant that did not end well. */
export const describeFailure = (result: TenantResult): string => {
  const where = result.failedMigration === null ? '' : ` at ${result.failedMigration}`;
  if (result.error?.code === 'CANCELLED') return `interrupted: ${result.schema}${where}`;
  return `failed: ${result.schema}${where}: ${result.error?.message.split('\n')[0] ?? 'no reason given'}`;
};
