import { DevsetupError } from '../core/errors.ts';
import type { Applied, Step } from '../core/step.ts';
import { isOutdated, planFleet } from '../fleet/plan-fleet.ts';
import type { TenantResult } from '../django/protocol.ts';
import type { SetupContext } from './context.ts';
import { describeFailure, migrateFleet, type FleetRun } from './migrate-fleet.ts';

/** Every tenant's schema exists and has every migration; up-to-date ones are not touched. */
export const tenantMigrations: Step<SetupContext> = {
  id: 'tenant-migrations',
  title: 'Tenant migrations',
  dependsOn: ['super-tenant'],

  inspect: async (context, progress) => {
    const { tenancy } = (await context.django(progress)).description;
    if (tenancy.mode === 'shared') return { kind: 'not-applicable', reason: `no tenant schemas: ${tenancy.reason}` };
    const inspection = await context.inspection(progress);
    const tenants = inspection.tenants ?? [];
    const wanted = context.options.onlyTenants;
    const plan = planFleet(inspection, { onlyTenants: wanted, workers: 1, batchSize: 1 });
    if (plan.unknown.length > 0) {
      const reason = `--only-tenants names tenants that do not exist: ${plan.unknown.join(', ')}`;
      return {
        kind: 'blocked',
        code: 'TENANT_UNKNOWN',
        reason,
        hint: 'Names are those of the schemas, separated by commas.',
      };
    }
    const details = [
      ...inspection.straySchemas.map((schema) => `schema without a tenant row, left alone: ${schema}`),
      ...plan.leftOut.map((schema) => `not up to date, left out by --only-tenants: ${schema}`),
      ...inspection.groups
        .flatMap((group) => group.orphaned)
        .filter(isFirst)
        .map((name) => `applied in some tenants, but not in the code: ${name}`),
    ];
    const outdated = tenants.filter(
      (tenant) => isOutdated(tenant, inspection) && (wanted.length === 0 || wanted.includes(tenant.schema)),
    );
    if (tenants.length === 0) return { kind: 'not-applicable', reason: 'there are no tenants yet' };
    if (outdated.length === 0) {
      return { kind: 'satisfied', evidence: `${count(plan.upToDate.length)} up to date`, details };
    }
    return {
      kind: 'needed',
      reason: `${count(outdated.length)} of ${tenants.length} not up to date`,
      actions: outdated.map((tenant) => {
        const pending = tenant.group === null ? 0 : (inspection.groups[tenant.group]?.pending.length ?? 0);
        return tenant.schemaExists
          ? `migrate ${tenant.schema} (${pending} pending)`
          : `create and migrate schema ${tenant.schema}`;
      }),
    };
  },

  apply: async (context, progress) => {
    if (await context.lock(progress)) context.forget();
    const run = await migrateFleet(context, progress, context.options.onlyTenants);
    const failed = run.results.filter((result) => result.outcome === 'failed');
    if (failed.length > 0 || run.notAttempted.length > 0) throw fleetFailure(run);
    return summarise(run);
  },
};

const isFirst = (name: string, index: number, all: readonly string[]): boolean => all.indexOf(name) === index;

const count = (tenants: number): string => `${tenants} ${tenants === 1 ? 'tenant' : 'tenants'}`;

const summarise = (run: FleetRun): Applied => {
  const migrated = run.results.filter((result) => result.outcome === 'migrated');
  const faked = migrated.flatMap((result) =>
    result.faked.map((name) => `faked in ${result.schema}, its tables were there: ${name}`),
  );
  const upToDate = run.plan.upToDate.length + run.results.length - migrated.length;
  return {
    summary: `${count(migrated.length)} migrated${upToDate > 0 ? `, ${upToDate} up to date` : ''}`,
    details: faked,
    data: fleetData(run),
    changed: migrated.length > 0,
  };
};

const fleetData = (run: FleetRun): Readonly<Record<string, unknown>> => ({
  workers: run.workers,
  tenants: [
    ...run.results.map((result) => ({
      schema: result.schema,
      outcome: result.outcome,
      seconds: result.seconds,
      applied: result.applied,
      faked: result.faked,
      error: result.error?.message ?? null,
    })),
    ...run.notAttempted.map((schema) => ({
      schema,
      outcome: 'not-attempted',
      seconds: 0,
      applied: 0,
      faked: [],
      error: null,
    })),
  ],
});

const fleetFailure = (run: FleetRun): DevsetupError => {
  const failed = run.results.filter((result) => result.outcome === 'failed');
  const again = [...failed.map((result) => result.schema), ...run.notAttempted];
  return new DevsetupError({
    code: 'TENANTS_FAILED',
    message: `${failed.length} failed, ${run.notAttempted.length} not attempted, ${run.results.length - failed.length} migrated`,
    hint: `Mend the cause, then repeat only those: devsetup --only-tenants ${quoteList(again)}`,
    // The screen shows the last of it, so what must not be missed comes last.
    output: [
      ...failed.slice(0, 1).flatMap(tracebackTail),
      ...(run.notAttempted.length > 0 ? [`not attempted: ${run.notAttempted.join(', ')}`] : []),
      ...failed.map(describeFailure),
    ],
    data: fleetData(run),
  });
};

const TRACEBACK_LINES = 8;

/** The innermost frames, whole. */
const tracebackTail = ({ schema, error }: TenantResult): readonly string[] => {
  const lines = error?.traceback.trimEnd().split('\n') ?? [];
  const from = lines.findIndex((line, index) => index >= lines.length - TRACEBACK_LINES && line.startsWith('  File '));
  return from === -1 ? [] : [`${schema}:`, ...lines.slice(from)];
};

/** Safe to paste into a shell, whatever the schemas are called. */
const quoteList = (names: readonly string[]): string => {
  const list = names.join(',');
  return /^[\w.,-]+$/.test(list) ? list : `'${list.replaceAll("'", "'\\''")}'`;
};
