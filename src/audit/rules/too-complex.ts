import { defineRule, type RuleFinding } from '../finding.ts';
import type { Unfollowed } from '../pipeline.ts';

const MESSAGES: Readonly<Record<Unfollowed['kind'], string>> = {
  work: 'The script is too complex to follow: devsetup stops here and checks nothing that comes after this.',
  length: 'The script is too long to follow: devsetup checks nothing in it.',
  depth: 'Commands are nested too deeply to follow: devsetup checks nothing that is started from here.',
  size: 'There are too many jobs or steps to follow: devsetup checks none of them.',
};

const FIXES: Readonly<Record<Unfollowed['kind'], string>> = {
  work: 'Shorten the script, or split it into several steps.',
  length: 'Split the script into several files, each under 200,000 characters.',
  depth: 'Call the inner command from the step itself.',
  size: 'Split the workflow, or the action, into several.',
};

export const tooComplex = defineRule({
  id: 'workflow/too-complex',
  title: 'A part of the pipeline is too complex to follow',
  check: ({ pipelines }) =>
    pipelines.flatMap(({ jobs, unfollowed }) => [
      ...unfollowed.map((one) => findingOf(one)),
      ...jobs.flatMap((job) =>
        job.steps.flatMap((step) =>
          step.unfollowed.map((one) => ({ ...findingOf(one), job: job.key, step: step.label })),
        ),
      ),
    ]),
});

const findingOf = ({ kind, span }: Unfollowed): RuleFinding => ({
  span,
  message: MESSAGES[kind],
  fix: { sentence: FIXES[kind], edits: [] },
});
