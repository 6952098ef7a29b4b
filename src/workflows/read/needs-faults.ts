import type { Scalar, WorkflowFault, WorkflowJob } from '../workflow.ts';
import { refuse } from './refuse.ts';

/** What `needs` names that cannot be waited for. Ids of jobs are the same in capitals. */
export const needsFaults = (jobs: readonly WorkflowJob[]): readonly WorkflowFault[] => {
  const byId = new Map(jobs.map((job) => [job.id.toLowerCase(), job]));
  const faults: WorkflowFault[] = [];
  for (const job of jobs) {
    for (const need of job.needs) {
      const id = need.value.toLowerCase();
      if (id === job.id.toLowerCase()) {
        faults.push(refuse(`The job ${job.id} needs itself.`, `Take ${need.value} out of its needs.`, need.span));
      } else if (!byId.has(id) && !need.value.includes('${{')) {
        faults.push(
          refuse(
            `The job ${job.id} needs ${need.value}, and there is no such job.`,
            'Name a job of this file.',
            need.span,
          ),
        );
      }
    }
  }
  return [...faults, ...cycles(jobs, byId)];
};

/** Each cycle once, at the edge that closes it as the file is read. */
const cycles = (jobs: readonly WorkflowJob[], byId: ReadonlyMap<string, WorkflowJob>): readonly WorkflowFault[] => {
  const done = new Set<WorkflowJob>();
  const faults: WorkflowFault[] = [];
  for (const first of jobs) {
    if (done.has(first)) continue;
    // With a stack of its own: a chain of jobs may be longer than the program's.
    const path: { readonly job: WorkflowJob; readonly rest: Scalar[] }[] = [{ job: first, rest: [...first.needs] }];
    const onPath = new Set([first]);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const need = top.rest.shift();
      if (need === undefined) {
        path.pop();
        onPath.delete(top.job);
        done.add(top.job);
        continue;
      }
      const next = byId.get(need.value.toLowerCase());
      if (next === undefined || next === top.job || done.has(next)) continue;
      if (onPath.has(next)) {
        const names = path.slice(path.findIndex(({ job }) => job === next)).map(({ job }) => job.id);
        const chain = [...names, next.id].join(' needs ');
        faults.push(refuse(`These jobs wait for each other: ${chain}.`, 'Take one of them out of needs.', need.span));
      } else {
        path.push({ job: next, rest: [...next.needs] });
        onPath.add(next);
      }
    }
  }
  return faults;
};
