import type { Trigger, Workflow, WorkflowJob } from '../../workflows/workflow.ts';

/** The path of the workflow that a job calls, `.github/workflows/x.yml`; null: it calls none, or one of another repository. */
export const localWorkflow = ({ uses }: WorkflowJob): string | null =>
  /^\.\/(\.github\/workflows\/[^@]+?)(?:@.*)?$/.exec(uses?.value.trim() ?? '')?.[1] ?? null;

/** What a workflow declares for those that call it; undefined: it cannot be called. */
export const callTrigger = ({ triggers }: Workflow): Trigger | undefined =>
  triggers.find(({ event }) => event === 'workflow_call');

/** The secrets that a call passes, in capitals, by their keys; `all`: it passes what it has, or nobody knows which. */
export const passedSecrets = ({ secrets }: WorkflowJob): ReadonlySet<string> | 'all' => {
  if (secrets === null) return new Set();
  if (secrets.kind === 'map') return new Set([...secrets.entries.keys()].map((name) => name.toUpperCase()));
  return secrets.kind === 'scalar' && secrets.scalar.value.trim() === '' ? new Set() : 'all';
};
