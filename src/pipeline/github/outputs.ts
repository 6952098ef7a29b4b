import type { RunReport } from '../../core/report.ts';
import { countRows, tenantRows } from './tenant-rows.ts';

/** GitHub takes 1 MiB for all outputs of a job; the names of more tenants than fit are in the report. */
const LONGEST_LIST = 100_000;

/** What later steps and jobs can read; every value is one line. */
export const outputsOf = (report: RunReport): Readonly<Record<string, string>> => {
  const counts = countRows(report);
  const failed = tenantRows(report)
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'not-attempted')
    .map(({ schema }) => schema);
  const { shard = null } = report;
  const isChanged =
    counts.migrated > 0 || report.steps.some(({ status, data }) => status === 'changed' || didSome(data));
  return {
    status: report.outcome,
    'exit-code': String(report.exitCode),
    changed: String(isChanged),
    environment: report.environment ?? '',
    shard: shard === null ? '' : `${shard.index}/${shard.count}`,
    'tenants-total': String(counts.total),
    'tenants-migrated': String(counts.migrated),
    'tenants-up-to-date': String(counts.upToDate),
    'tenants-failed': String(counts.failed),
    'tenants-not-attempted': String(counts.notAttempted),
    'tenants-to-repeat': listOf(failed),
  };
};

/** For what ended the command before it ran. */
export const outputsOfError = (exitCode: number): Readonly<Record<string, string>> => ({
  status: 'failed',
  'exit-code': String(exitCode),
  changed: 'false',
});

/** Migrations that were applied before the step failed. */
const didSome = (data: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(data['applied']) && data['applied'].length > 0;

/** A JSON list on one line: names may hold anything. */
const listOf = (names: readonly string[]): string => {
  const text = JSON.stringify(names);
  return text.length <= LONGEST_LIST ? text : '[]';
};

/** Lines for the file; values are one line each by construction. */
export const renderOutputs = (outputs: Readonly<Record<string, string>>): string =>
  Object.entries(outputs)
    .map(([name, value]) => `${name}=${value.replaceAll(/[\r\n]+/g, ' ')}\n`)
    .join('');
