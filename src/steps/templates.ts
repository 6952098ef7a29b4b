import type { Applied, Progress } from '../core/step.ts';
import type { Inspection, TemplateState } from '../django/protocol.ts';
import { isOutdated } from '../fleet/plan-fleet.ts';
import { createStatement } from './template-hint.ts';
import type { SetupContext } from './context.ts';
import { fleetFailure } from './fleet-report.ts';
import { migrateFleet } from './migrate-fleet.ts';

/** The schemas that new tenants are cloned from and that lack something, or that are missing and have a tenant row. */
export const behindTemplates = (inspection: Inspection): readonly TemplateState[] =>
  inspection.templates.filter((template) => isThere(template, inspection) && isOutdated(template, inspection));

const isThere = ({ schema, schemaExists }: TemplateState, { tenants }: Inspection): boolean =>
  schemaExists || tenants?.some((tenant) => tenant.schema === schema && tenant.createsSchema) === true;

export const templateActions = (templates: readonly TemplateState[], { groups }: Inspection): readonly string[] =>
  templates.map(({ schema, setting, schemaExists, group }) => {
    const pending = groups[group ?? -1]?.pending.length ?? 0;
    const what = schemaExists ? 'migrate' : 'create and migrate';
    return `${what} ${schema}, which new tenants are cloned from (${setting})${schemaExists ? `: ${pending} pending` : ''}`;
  });

/** Brings them up to date; null: they are. */
export const migrateTemplates = async (context: SetupContext, progress: Progress): Promise<Applied | null> => {
  const behind = behindTemplates(await context.inspection(progress)).map(({ schema }) => schema);
  if (behind.length === 0) return null;
  const run = await migrateFleet(context, progress, behind);
  if (run.results.some(({ outcome }) => outcome === 'failed') || run.notAttempted.length > 0)
    throw fleetFailure(run, context.pipeline);
  const summary = `migrated ${behind.join(', ')}, which new tenants are cloned from`;
  return { summary, details: [summary] };
};

/** django-tenants creates these tenants without what is in the schema it does not find, and does not say so. */
export const warnOfMissingTemplates = (context: SetupContext, progress: Progress, { templates }: Inspection): void => {
  for (const { schema, setting } of templates.filter(({ schemaExists, hasRow }) => !schemaExists && !hasRow))
    if (!context.markDone(`warned of the template ${schema}`))
      progress.warn(
        `the schema ${schema}, which new tenants are cloned from (${setting}), does not exist: to have them cloned, create it first: ${createStatement(schema)}`,
      );
};
