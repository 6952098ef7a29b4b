import type { Audit, Pipeline } from '../pipeline.ts';

/**
 * The pipelines after which this one runs, by `workflow_run`; [] where it starts by itself, null where something starts it that is not
 * in the checkout. A workflow without a name is called by its path.
 */
export const startersOf = ({ workflow: { triggers } }: Pipeline, { pipelines }: Audit): readonly Pipeline[] | null => {
  if (triggers.length === 0 || !triggers.every(({ event }) => EVENTS.test(event))) return [];
  if (triggers.some(({ event, workflows }) => event !== 'workflow_run' || workflows.length === 0)) return null;
  const names = triggers.flatMap(({ workflows }) => workflows.map(({ value }) => value));
  const found = names.map((name) =>
    pipelines.filter(({ workflow }) => (workflow.name?.value ?? workflow.source.file) === name),
  );
  return found.some((those) => those.length === 0) ? null : found.flat();
};

const EVENTS = /^(?:workflow_run|repository_dispatch|deployment)$/;
