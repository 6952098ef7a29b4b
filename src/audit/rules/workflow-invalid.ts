import { defineRule } from '../finding.ts';

/** The readers of workflows judge this themselves: what they are sure GitHub refuses (src/workflows/read/find-faults.ts). */
export const workflowInvalid = defineRule({
  id: 'workflow/invalid',
  title: 'GitHub refuses this workflow',
  check: ({ workflows }) =>
    workflows.flatMap(({ faults }) =>
      faults.map(({ message, remedy, span }) => ({
        span,
        message,
        fix: { sentence: remedy, edits: [] },
      })),
    ),
});
