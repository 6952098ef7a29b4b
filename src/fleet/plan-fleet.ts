import type { Inspection, TemplateState, TenantState } from '../django/protocol.ts';
import { judgeSchema, type SchemaRules, type SchemaVerdict } from './judge-schema.ts';

export interface FleetPlan {
  /** Schemas with something to apply (or to create), grouped: all of one batch are in the same state. */
  readonly batches: readonly FleetBatch[];
  readonly upToDate: readonly string[];
  /** Names given in `--only-tenants` that no tenant has. */
  readonly unknown: readonly string[];
  /** Left out by `--only-tenants`, although something is pending. */
  readonly leftOut: readonly string[];
  /** Have no schema, as configured. */
  readonly withoutSchema: readonly string[];
  /** Have no schema, and devsetup does not create it: see judge-schema.ts. */
  readonly refused: readonly string[];
}

export interface FleetBatch {
  readonly schemas: readonly string[];
  /** What the schemas of this batch have applied; null where they are new. */
  readonly group: number | null;
  /** Others are cloned from these schemas: nothing else is started before they are done. */
  readonly first: boolean;
}

export interface FleetOptions {
  readonly onlyTenants: readonly string[];
  /** Tenants a worker migrates before it is replaced: migration state piles up in a process that lives long. */
  readonly batchSize: number;
  readonly workers: number;
  /** Tenants of this run, where several share them. */
  readonly isMine?: (schema: string) => boolean;
  readonly rules: SchemaRules;
}

/** Which tenants need work, cut into the pieces that workers take one after the other. Pure. */
export const planFleet = (inspection: Inspection, options: FleetOptions): FleetPlan => {
  const wanted = new Set(options.onlyTenants);
  const bases = new Set(inspection.templates.map(({ schema }) => schema));
  const all = [
    ...(inspection.tenants ?? []),
    ...inspection.templates.filter(({ schema, hasRow }) => !hasRow && wanted.has(schema)).map(asTenant),
  ];
  const tenants = all.filter(({ schema }) => options.isMine?.(schema) ?? true);
  const isWanted = (tenant: TenantState): boolean => wanted.size === 0 || wanted.has(tenant.schema);
  const named = (verdict: SchemaVerdict): readonly string[] =>
    tenants.filter((tenant) => isWanted(tenant) && judge(tenant) === verdict).map(({ schema }) => schema);
  const judge = (tenant: TenantState): SchemaVerdict => judgeSchema(tenant, options.rules);
  const migrated = tenants.filter((tenant) => ['there', 'created'].includes(judge(tenant)));
  const outdated = migrated.filter((tenant) => isOutdated(tenant, inspection));
  const names = new Set(all.map((tenant) => tenant.schema));
  return {
    batches: [
      ...cutBatches(
        outdated.filter((tenant) => isWanted(tenant) && bases.has(tenant.schema)),
        true,
        options,
      ),
      ...cutBatches(
        outdated.filter((tenant) => isWanted(tenant) && !bases.has(tenant.schema)),
        false,
        options,
      ),
    ],
    upToDate: migrated
      .filter((tenant) => isWanted(tenant) && !isOutdated(tenant, inspection))
      .map((tenant) => tenant.schema),
    unknown: options.onlyTenants.filter((name) => !names.has(name)),
    leftOut: outdated.filter((tenant) => !isWanted(tenant)).map((tenant) => tenant.schema),
    withoutSchema: named('intended'),
    refused: named('refused'),
  };
};

const asTenant = ({ schema, schemaExists, tenantType, group }: TemplateState): TenantState => ({
  schema,
  schemaExists,
  tenantType,
  group,
  createsSchema: false,
  domains: [],
});

/** True if the schema is missing, was never migrated, lacks a migration, what follows its migrations, or its announcement. */
export const isOutdated = (
  tenant: Pick<TenantState, 'schema' | 'schemaExists' | 'group'>,
  inspection: Inspection,
): boolean => {
  if (!tenant.schemaExists || tenant.group === null) return true;
  if (inspection.unannounced.includes(tenant.schema)) return true;
  if (inspection.unfinished?.includes(tenant.schema) === true) return true;
  const group = inspection.groups[tenant.group];
  return group === undefined || !group.initialised || group.pending.length > 0;
};

const cutBatches = (tenants: readonly TenantState[], first: boolean, options: FleetOptions): readonly FleetBatch[] => {
  const byGroup = new Map<number | null, string[]>();
  for (const tenant of tenants) {
    const group = tenant.schemaExists ? tenant.group : null;
    byGroup.set(group, [...(byGroup.get(group) ?? []), tenant.schema]);
  }
  // With few tenants every worker gets some; with many no worker lives long.
  const fair = Math.ceil(tenants.length / Math.max(1, options.workers));
  const size = Math.max(1, Math.min(options.batchSize, fair));
  return [...byGroup].flatMap(([group, schemas]) =>
    Array.from({ length: Math.ceil(schemas.length / size) }, (_, index) => ({
      group,
      first,
      schemas: schemas.slice(index * size, (index + 1) * size),
    })),
  );
};
