import { defineRule } from '../finding.ts';

export const workflowInvalid = defineRule({
  id: 'workflow/invalid',
  title: 'GitHub refuses this workflow',
  check: ({ workflows }) =>
    workflows.flatMap(({ faults }) =>
      faults.map(({ message, span }) => ({
        span,
        message,
        fix: { sentence: 'Mend it: nothing of this workflow runs as long as it is there.', edits: [] },
      })),
    ),
});
