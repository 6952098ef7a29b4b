import type { Span } from '../../core/placed-text.ts';
import { spanOf } from '../../core/placed-text.ts';
import type { Holes } from '../../shell/holes.ts';
import { defineRule, type RuleFinding } from '../finding.ts';
import type { AuditedJob, AuditedStep } from '../pipeline.ts';
import { namedSecretsIn } from '../secrets/secret-holes.ts';

export const buildArg = defineRule({
  id: 'secret/build-arg',
  title: 'A secret is a build argument',
  check: ({ pipelines, holes }) =>
    pipelines.flatMap(({ jobs }) =>
      jobs.flatMap((job) =>
        job.steps.flatMap((step) =>
          [...ofAction(step, holes), ...ofCalls(step, holes)].map((one) => tell(one, job, step)),
        ),
      ),
    ),
});

interface Argument {
  readonly span: Span;
  readonly names: readonly string[];
}

const tell = ({ span, names }: Argument, job: AuditedJob, step: AuditedStep): RuleFinding => ({
  span,
  message: `${names.join(', ')} stays readable in the image: build arguments are kept in its history.`,
  fix: { sentence: 'Mount it for the one command that needs it: `--secret` and `RUN --mount=type=secret`.', edits: [] },
  job: job.key,
  step: step.label,
});

const ofAction = (step: AuditedStep, holes: Holes): readonly Argument[] => {
  const given = step.with.get('build-args') ?? step.with.get('build_args') ?? step.with.get('buildargs');
  if (given === undefined) return [];
  let at = 0;
  return given.value.split('\n').flatMap((line) => {
    const start = at;
    at += line.length + 1;
    const names = namedSecretsIn(line, holes);
    const indent = line.length - line.trimStart().length;
    return names.length === 0
      ? []
      : [{ span: spanOf(given.placed, start + indent, start + line.trimEnd().length), names }];
  });
};

const ofCalls = (step: AuditedStep, holes: Holes): readonly Argument[] =>
  step.calls.flatMap(({ words }) =>
    words.flatMap((word, index) => {
      const isArgument = words[index - 1]?.value === '--build-arg' || word.value.startsWith('--build-arg=');
      const names = isArgument ? namedSecretsIn(word.value, holes) : [];
      return names.length === 0 ? [] : [{ span: word.span, names }];
    }),
  );
