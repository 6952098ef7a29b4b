import { defineCheck, notApplicable, problemsOr, type Problem } from '../../core/check.ts';
import type { WorkflowFile } from '../../workflows/read-workflows.ts';
import type { CheckContext } from '../context.ts';

const FINDINGS = { 'workflow-invalid': 'error' } as const;

type Code = keyof typeof FINDINGS;

/** GitHub can read the workflows: one that is no YAML never runs, and says so in no pull request. */
export const workflowFiles = defineCheck<CheckContext, Code>({
  id: 'workflow-files',
  group: 'pipelines',
  title: 'Workflow files',
  findings: FINDINGS,
  run: async (context) => {
    const workflows = await context.workflows();
    if (workflows.length === 0) return notApplicable('there are no workflows');
    const count = `${workflows.length} workflow${workflows.length === 1 ? '' : 's'}`;
    return problemsOr(workflows.flatMap(problemOf), `${count} can be read`);
  },
});

const problemOf = ({ file, mistake }: WorkflowFile): readonly Problem<Code>[] =>
  mistake === null
    ? []
    : [
        {
          code: 'workflow-invalid',
          message: `${file} is not valid YAML: GitHub does not run it.`,
          evidence: [mistake.message],
          remedy: { text: `Correct ${file} at this place.`, command: null },
          place: mistake.place,
        },
      ];
