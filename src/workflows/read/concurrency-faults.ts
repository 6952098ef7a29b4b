import type { Concurrency, Workflow, WorkflowFault } from '../workflow.ts';
import { refuse } from './refuse.ts';

/** GitHub's "Control the concurrency of workflows and jobs": a queue of many and cancelling exclude each other. */
export const concurrencyFaults = ({ concurrency, jobs }: Workflow): readonly WorkflowFault[] =>
  [concurrency, ...jobs.map((job) => job.concurrency)].flatMap((one) => (one === null ? [] : ofConcurrency(one)));

const ofConcurrency = ({ cancelInProgress, others }: Concurrency): readonly WorkflowFault[] =>
  cancelInProgress?.value === 'true' && others.get('queue')?.value.value === 'max'
    ? [
        refuse(
          'queue: max does not go with cancel-in-progress: true.',
          'Leave out cancel-in-progress, so that each run waits for its turn.',
          cancelInProgress.span,
        ),
      ]
    : [];
