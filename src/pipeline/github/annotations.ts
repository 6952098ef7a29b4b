import path from 'node:path';

import { groupFailed } from '../../core/failed-step.ts';
import type { RunReport } from '../../core/report.ts';
import type { StepResult } from '../../core/step.ts';
import { tenantRows, type TenantRow } from './tenant-rows.ts';
import { workflowCommand } from './workflow-command.ts';

/** GitHub shows ten of a kind for a step of a job; what is more is in the summary. */
const MOST = 10;
const MOST_NAMES = 20;

/** The failures and warnings of a run as lines for the runner: one a failed step, one a migration that failed in tenants. */
export const annotationsOf = (report: RunReport, root: string): readonly string[] => {
  const errors = [
    ...groupFailed(report.steps).map(({ first, subject }) => ofFailure(first, subject)),
    ...ofTenants(tenantRows(report), root),
  ];
  const warnings = [
    ...report.steps.flatMap(({ title, warnings }) => warnings.map((text) => ({ title, text }))),
    ...report.warnings.map((text) => ({ title: 'devsetup migrate', text })),
  ].map(({ title, text }) => workflowCommand('warning', text, { title }));
  return [...errors.slice(0, MOST), ...warnings.slice(0, MOST)];
};

/** The same for what ended the command before it ran. */
export const annotationOfError = (message: string, hint: string | undefined): string =>
  workflowCommand('error', [message, ...(hint === undefined ? [] : [hint])].join('\n'), { title: 'devsetup migrate' });

const ofFailure = ({ failure, message }: StepResult, subject: string): string => {
  const hint = failure?.hint ?? null;
  const text = [failure?.message ?? message, ...(hint === null ? [] : [hint])].join('\n');
  return workflowCommand('error', text, { title: `${subject}: failed` });
};

/** The same failure in many tenants is one annotation, at the line of the project's code that raised, where it is known. */
const ofTenants = (rows: readonly TenantRow[], root: string): readonly string[] => {
  const groups = new Map<string, TenantRow[]>();
  for (const row of rows.filter(({ outcome }) => outcome === 'failed')) {
    const key = JSON.stringify([row.failedMigration, row.error]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((same) => {
    const [first] = same;
    const names = same.map(({ schema }) => schema);
    const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
    const place = first?.place ?? null;
    const file = place === null ? undefined : path.relative(root, place.file);
    const where = file === undefined || file.startsWith('..') ? {} : { file, line: place?.line };
    return workflowCommand('error', `${first?.error ?? 'failed'}\nin ${names.slice(0, MOST_NAMES).join(', ')}${more}`, {
      ...where,
      title: first?.failedMigration ?? 'Tenant migrations',
    });
  });
};
