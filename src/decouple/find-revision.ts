import type { AuditedJob, Pipeline } from '../audit/pipeline.ts';
import type { Unknown } from './database-environment.ts';

/** What is deployed. */
export interface Revision {
  /** `with.ref` of a checkout; null: what started the run. */
  readonly ref: string | null;
  /** Tells runs apart that deploy different commits. */
  readonly commit: string;
}

const STARTED = '${{ github.sha }}';
/** A run that another one starts is of the newest commit of the default branch, whatever that one built. */
const AFTER = '${{ github.event.workflow_run.head_sha || github.sha }}';

/**
 * The revision that the deployment checks out, or brings by other means: the migrations have to be of the same one. `needs`: the jobs
 * whose outputs the new job can use.
 */
export const findRevision = (
  { job, workflow }: AuditedJob,
  { triggers }: Pipeline['workflow'],
  needs: readonly string[],
): Revision | Unknown => {
  const isAfter = triggers.some(({ event }) => event === 'workflow_run');
  const commit = isAfter ? AFTER : STARTED;
  const checkout = job.steps.find(
    ({ uses, with: given }) => uses?.value.startsWith('actions/checkout@') === true && !given.has('repository'),
  );
  if (checkout === undefined) return { ref: isAfter ? AFTER : null, commit };
  const ref = checkout.with.get('ref')?.value.value.trim() ?? '';
  if (ref === '') return { ref: null, commit };
  const unknown = [...ref.matchAll(/\b(steps|matrix|env|needs)\.([\w-]+)/g)].find(
    ([, context, name = '']) =>
      !(context === 'needs' && needs.includes(name)) &&
      !(context === 'env' && workflow.env.has(name) && !job.env.has(name)),
  );
  return unknown === undefined
    ? { ref, commit }
    : {
        why: `${job.id} checks out a revision that only it knows, \`${unknown[0]}\``,
        remedy: 'Let an input or an earlier job say which revision is deployed.',
      };
};
