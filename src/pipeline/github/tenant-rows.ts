import type { RunReport } from '../../core/report.ts';

/** A tenant as the report has it. */
export interface TenantRow {
  readonly schema: string;
  readonly outcome: 'migrated' | 'up-to-date' | 'failed' | 'not-attempted';
  readonly seconds: number;
  readonly applied: number;
  readonly error: string | null;
  readonly tries: number;
  readonly migrations: readonly TimedMigration[];
  readonly failedMigration: string | null;
  readonly place: { readonly file: string; readonly line: number } | null;
}

export interface TimedMigration {
  readonly migration: string;
  readonly seconds: number;
  readonly faked: boolean;
}

export interface TenantCounts {
  readonly total: number;
  readonly migrated: number;
  readonly upToDate: number;
  readonly failed: number;
  readonly notAttempted: number;
}

type Data = Readonly<Record<string, unknown>>;

const dataOf = (report: RunReport, id: string): Data => report.steps.find((step) => step.id === id)?.data ?? {};

/** Those that were to be migrated. */
export const tenantRows = (report: RunReport): readonly TenantRow[] =>
  (dataOf(report, 'tenant-migrations')['tenants'] as readonly TenantRow[] | undefined) ?? [];

/** Of this run: with shards, of its own tenants. Those that a dry run would migrate count as not attempted. */
export const countRows = (report: RunReport): TenantCounts => {
  const data = dataOf(report, 'tenant-migrations');
  const rows = tenantRows(report);
  const count = (outcome: TenantRow['outcome']): number => rows.filter((row) => row.outcome === outcome).length;
  const numberOf = (key: string): number => Number(data[key] ?? 0);
  const upToDate = numberOf('upToDate') + count('up-to-date');
  const notAttempted = rows.length === 0 ? numberOf('pending') : count('not-attempted');
  const [migrated, failed] = [count('migrated'), count('failed')];
  return { total: migrated + failed + notAttempted + upToDate, migrated, upToDate, failed, notAttempted };
};

/** Every migration that was applied, of the shared schema (null) and the tenants, the slowest first. */
export const slowestMigrations = (
  report: RunReport,
): readonly (TimedMigration & { readonly schema: string | null })[] => {
  const shared = (dataOf(report, 'shared-migrations')['migrations'] as readonly TimedMigration[] | undefined) ?? [];
  const all = [
    ...shared.map((migration) => ({ ...migration, schema: null })),
    ...tenantRows(report).flatMap(({ schema, migrations }) =>
      migrations.map((migration) => ({ ...migration, schema })),
    ),
  ];
  return all.filter(({ faked }) => !faked).toSorted((a, b) => b.seconds - a.seconds);
};
