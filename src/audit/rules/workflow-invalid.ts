import { defineRule } from '../finding.ts';
import { callFaults } from '../model/call-faults.ts';

/** The readers of workflows judge this themselves: what they are sure GitHub refuses (src/workflows/read/find-faults.ts). */
export const workflowInvalid = defineRule({
  id: 'workflow/invalid',
  title: 'GitHub refuses this workflow',
  check: ({ workflows, workflowAt }) =>
    workflows.flatMap((workflow) => [
      ...workflow.faults.map(({ message, remedy, span }) => ({
        span,
        message,
        fix: { sentence: remedy, edits: [] },
      })),
      ...callFaults(workflow, workflowAt).map(({ job, message, remedy, span }) => ({
        span,
        message,
        fix: { sentence: remedy, edits: [] },
        job,
      })),
    ]),
});
