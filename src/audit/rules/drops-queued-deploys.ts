import type { Concurrency } from '../../workflows/workflow.ts';
import { defineRule, type RuleFinding } from '../finding.ts';
import { runsOnThrowAwayDatabase } from '../model/throw-away-database.ts';
import type { AuditedJob, Pipeline } from '../pipeline.ts';

/**
 * A group keeps one run that waits; the next one takes its place, also with `cancel-in-progress: false` (GitHub's documentation of
 * `concurrency`). `queue: max` keeps them all; a group of one commit or run has nobody to drop.
 */
export const dropsQueuedDeploys = defineRule({
  id: 'concurrency/drops-queued-deploys',
  title: 'Deployments that wait are dropped',
  check: ({ pipelines }) => pipelines.flatMap(judge),
});

const judge = ({ workflow, jobs }: Pipeline): readonly RuleFinding[] => {
  const moving = jobs.filter((job) => /^(?:migrate|deploy|rollback)$/.test(job.role) && !runsOnThrowAwayDatabase(job));
  if (moving.length === 0) return [];
  const ofWorkflow = tell(workflow.concurrency, undefined);
  const ofJobs = moving.flatMap((job) => [
    ...tell(job.job.concurrency, job),
    ...job.calledBy.flatMap((caller) => tell(caller.job.concurrency, job)),
  ]);
  return [...ofWorkflow, ...ofJobs];
};

const tell = (concurrency: Concurrency | null, job: AuditedJob | undefined): readonly RuleFinding[] => {
  if (concurrency === null || keepsAll(concurrency)) return [];
  const cancel = concurrency.cancelInProgress?.value.trim();
  const isCancelled = cancel !== undefined && cancel !== 'false';
  const what =
    job === undefined ? 'This workflow deploys' : `${job.id} ${job.role === 'migrate' ? 'migrates' : 'deploys'}`;
  return [
    {
      span: concurrency.span,
      message: isCancelled
        ? `${what}, and a newer run cancels it half-way.`
        : `${what}; of the runs that wait in this group only the newest is kept, the others are dropped.`,
      fix: {
        sentence:
          'Use `queue: max`, or a group with the commit or run in it, and let deployments take turns by a lock.',
        edits: [],
      },
      ...(job === undefined ? {} : { job: job.key }),
    },
  ];
};

/** A group of its own for every run: with the commit, or the number of the run, in its name. */
const keepsAll = ({ group, others }: Concurrency): boolean => {
  if (others.get('queue')?.value.value.trim() === 'max') return true;
  const text = group?.value ?? '';
  return /github\.(?:sha|run_id|run_number|event\.(?:after|head_commit\.id|pull_request\.head\.sha))|inputs\.\w*sha/.test(
    text,
  );
};
