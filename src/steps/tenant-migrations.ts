import type { Step } from '../core/step.ts';
import type { AbsentTables, Inspection, TenantState } from '../django/protocol.ts';
import { planFleet } from '../fleet/plan-fleet.ts';
import { describeShard } from '../pipeline/shard.ts';
import type { SetupContext } from './context.ts';
import { countTenants, fleetFailure, summariseFleet } from './fleet-report.ts';
import { faultsIn, historyRefusal } from './migration-refusal.ts';
import { migrateFleet, ownTenants } from './migrate-fleet.ts';
import {
  createActions,
  createMissingTables,
  describeMissing,
  missingFailure,
  missingIn,
  missingState,
} from './missing-tables.ts';
import { describeRefused, schemaMissing, schemaRules } from './schema-rules.ts';
import { warnOfMissingTemplates } from './templates.ts';
import { warnOfFaking, type PendingGroup } from './warn-of-faking.ts';

/** Every tenant's schema exists and has every migration; up-to-date ones are not touched. */
export const tenantMigrations: Step<SetupContext> = {
  id: 'tenant-migrations',
  title: 'Tenant migrations',
  dependsOn: ['super-tenant'],

  inspect: async (context, progress) => {
    const { description } = await context.django(progress);
    const { tenancy } = description;
    if (tenancy.mode === 'shared') return { kind: 'not-applicable', reason: `no tenant schemas: ${tenancy.reason}` };
    const inspection = await context.inspection(progress);
    const shard = context.pipeline?.shard ?? null;
    const isMine = ownTenants(context, inspection);
    const all = inspection.tenants ?? [];
    const tenants = all.filter(({ schema }) => isMine(schema));
    const of = shard === null ? '' : ` of ${describeShard(shard)}`;
    const wanted = context.options.onlyTenants;
    const plan = planFleet(inspection, {
      onlyTenants: wanted,
      workers: 1,
      batchSize: 1,
      isMine,
      rules: schemaRules(context),
    });
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
      ...plan.withoutSchema.map((schema) => `no schema, as tenants.withoutSchema says: ${schema}`),
      ...inspection.straySchemas.map((schema) => `schema without a tenant row, left alone: ${schema}`),
      ...plan.leftOut.map((schema) => `not up to date, left out by --only-tenants: ${schema}`),
      ...inspection.groups
        .flatMap((group) => group.orphaned)
        .filter(isFirst)
        .map((name) => `applied in some tenants, but not in the code: ${name}`),
    ];
    const planned = new Set(plan.batches.flatMap(({ schemas }) => schemas));
    const isWanted = (schema: string | null): boolean =>
      schema !== null && isMine(schema) && (wanted.length === 0 || wanted.includes(schema));
    const faults = faultsIn(inspection, isWanted);
    const refused = new Set(faults.flatMap(({ schemas }) => schemas));
    const outdated = tenants.filter(({ schema }) => planned.has(schema) && !refused.has(schema));
    if (all.length === 0) return { kind: 'not-applicable', reason: 'there are no tenants yet' };
    if (tenants.length === 0)
      return { kind: 'not-applicable', reason: `none of ${countTenants(all.length)} is${of.replace(' of', ' in')}` };
    const data = { upToDate: plan.upToDate.length, withoutSchema: plan.withoutSchema.length };
    const missing = missingTables(context, inspection);
    const refusal = historyRefusal(faults, inspection, description.database.alias);
    if (outdated.length === 0 && refusal !== null) return refusal;
    if (outdated.length === 0 && missing.length > 0) return missingState(missing, context, inspection.shared.schema);
    if (outdated.length === 0) {
      if (plan.refused.length > 0) return schemaMissing(plan.refused, description);
      const without =
        plan.withoutSchema.length === 0 ? '' : `, ${plan.withoutSchema.length} without a schema as configured`;
      const evidence = `${countTenants(plan.upToDate.length)}${of} up to date${without}`;
      return { kind: 'satisfied', evidence, details, data };
    }
    if (outdated.some(({ schemaExists }) => !schemaExists)) warnOfMissingTemplates(context, progress, inspection);
    await warnOfFaking(context, progress, 'tenant-migrations', pendingBySchemas(outdated, inspection));
    const creates = context.options.createMissingTables;
    // The others are migrated all the same; what is missing fails the step at its end.
    if (missing.length > 0 && !creates && !context.markDone('warned of missing tables'))
      progress.warn(describeMissing(missing));
    if (refusal !== null && !context.markDone('warned of refused tenants')) progress.warn(refusal.reason);
    return {
      kind: 'needed',
      data: { ...data, pending: outdated.length },
      reason: [
        `${countTenants(outdated.length)} of ${tenants.length}${of} not up to date`,
        ...describeRefused(plan.refused),
      ].join('; '),
      actions: [
        ...(creates ? createActions(missing) : []),
        ...outdated.map((tenant) => {
          const pending = tenant.group === null ? 0 : (inspection.groups[tenant.group]?.pending.length ?? 0);
          if (!tenant.schemaExists) return `create and migrate schema ${tenant.schema}`;
          if (pending > 0) return `migrate ${tenant.schema} (${pending} pending)`;
          return inspection.unannounced.includes(tenant.schema)
            ? `send post_schema_sync for ${tenant.schema} (an earlier run created it and stopped before that)`
            : `migrate ${tenant.schema} (nothing pending, but an earlier run stopped before the end)`;
        }),
      ],
    };
  },

  apply: async (context, progress) => {
    if (await context.lock(progress)) context.forget();
    const before = missingTables(context, await context.inspection(progress));
    const created =
      context.options.createMissingTables && before.length > 0
        ? await createMissingTables(context, progress, before)
        : null;
    const run = await migrateFleet(context, progress, context.options.onlyTenants);
    const failed = run.results.filter((result) => result.outcome === 'failed');
    if (failed.length > 0 || run.notAttempted.length > 0) throw fleetFailure(run, context.pipeline);
    const inspection = await context.inspection(progress);
    const left = missingTables(context, inspection);
    const summary = summariseFleet(run);
    if (left.length > 0) throw missingFailure(left, context, inspection.shared.schema, summary.data ?? {});
    if (created === null) return summary;
    const details = [...(created.details ?? []), ...(summary.details ?? [])];
    return run.results.length === 0 ? { ...created, details } : { ...summary, details, changed: true };
  },
};

/** Of the tenants this run is for. */
const missingTables = (context: SetupContext, inspection: Inspection): readonly AbsentTables[] => {
  const { onlyTenants } = context.options;
  const mine = new Set((inspection.tenants ?? []).map(({ schema }) => schema).filter(ownTenants(context, inspection)));
  return missingIn(
    inspection,
    context,
    (name) => name !== null && mine.has(name) && (onlyTenants.length === 0 || onlyTenants.includes(name)),
  );
};

const isFirst = (name: string, index: number, all: readonly string[]): boolean => all.indexOf(name) === index;

/** Schemas that exist, with what is pending in them: those of a group at once. */
const pendingBySchemas = (tenants: readonly TenantState[], { groups }: Inspection): readonly PendingGroup[] =>
  groups.map(({ pending }, index) => ({
    pending,
    schemas: tenants.filter(({ group }) => group === index).map(({ schema }) => schema),
  }));
