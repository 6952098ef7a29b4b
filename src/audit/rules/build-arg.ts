import { spanOf, type Span } from '../../core/placed-text.ts';
import type { Holes } from '../../shell/holes.ts';
import { defineRule, type RuleFinding } from '../finding.ts';
import type { AuditedStep } from '../pipeline.ts';
import { secretArguments } from '../secrets/argument-secrets.ts';
import { eachOnce } from '../secrets/credentials-of-step.ts';
import { findSecrets } from '../secrets/holes-of-secrets.ts';
import { isNamedForPlace, isPublicName } from '../secrets/secret-name.ts';

export const buildArg = defineRule({
  id: 'secret/build-arg',
  title: 'A secret is an argument of an image build',
  check: ({ pipelines, holes }) =>
    eachOnce(
      pipelines.flatMap(({ jobs }) =>
        jobs.flatMap((job) =>
          job.steps.flatMap((step) =>
            [...inWith(step, holes), ...inCalls(step, holes)].map(({ secret, span }): RuleFinding => ({
              span,
              message: `${secret} is a build argument: it stays in the image's history, for everybody who can pull it.`,
              fix: {
                sentence: 'Give it as a build secret: `RUN --mount=type=secret,id=…`, `--secret` or `secrets:`.',
                edits: [],
              },
              job: job.key,
              step: step.label,
            })),
          ),
        ),
      ),
    ),
});

interface Passed {
  readonly secret: string;
  readonly span: Span;
}

/** One a step: it is one mistake to pass secrets so. */
const inWith = (step: AuditedStep, holes: Holes): readonly Passed[] =>
  [...step.with].flatMap(([name, value]): readonly Passed[] => {
    if (!/^(?:docker_?)?build[-_]?args?$/i.test(name)) return [];
    const found = findSecrets(value.value, holes).find(
      (one) => !isNamedForPlace(one.name) && !isPublicName(argumentAt(value.value, one.at)),
    );
    return found === undefined ? [] : [{ secret: found.name, span: spanOf(value.placed, found.at, found.at + 1) }];
  });

const argumentAt = (text: string, at: number): string => /([\w.-]+)\s*[=:][^\n,]*$/.exec(text.slice(0, at))?.[1] ?? '';

const inCalls = (step: AuditedStep, holes: Holes): readonly Passed[] =>
  step.calls.flatMap((call) => {
    const found = secretArguments(call, { environment: step.environment, holes }).find(
      ({ isBuildArg, word, at }) => isBuildArg && !isPublicName(argumentAt(word.value, at)),
    );
    return found === undefined
      ? []
      : [{ secret: found.secret, span: spanOf(found.word.placed, found.at, found.at + 1) }];
  });
