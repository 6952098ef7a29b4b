import { defineRule } from '../finding.ts';

export const unterminatedHeredoc = defineRule({
  id: 'shell/unterminated-heredoc',
  title: 'A here-document has no end',
  check: ({ pipelines }) =>
    pipelines.flatMap(({ jobs }) =>
      jobs.flatMap((job) =>
        job.steps.flatMap((step) =>
          step.faults
            .filter(({ kind }) => kind === 'unterminated-heredoc')
            .map(({ message, span }) => ({
              span,
              message,
              fix: {
                sentence: 'Put its closing word alone on a line, indented no deeper than the script.',
                edits: [],
              },
              job: job.key,
              step: step.label,
            })),
        ),
      ),
    ),
});
