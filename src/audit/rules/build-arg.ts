import { collect } from '../../core/collect.ts';
import { spanOf, type Span } from '../../core/placed-text.ts';
import { withoutPadding, type Holes } from '../../shell/holes.ts';
import { defineRule } from '../finding.ts';
import type { AuditedStep } from '../pipeline.ts';
import { isCredentialIn, secretArguments } from '../secrets/argument-secrets.ts';
import { findSecrets } from '../secrets/holes-of-secrets.ts';
import { onePerSecret, type OfSecret } from '../secrets/one-per-secret.ts';
import { placeInText } from '../secrets/place-of-argument.ts';

export const buildArg = defineRule({
  id: 'secret/build-arg',
  title: 'A secret is an argument of an image build',
  check: ({ pipelines, holes }) =>
    onePerSecret(
      pipelines.flatMap(({ jobs }) =>
        jobs.flatMap((job) =>
          job.steps.flatMap((step) =>
            [...inWith(step, holes), ...inCalls(step, holes)].map(({ secret, span }): OfSecret => ({
              secret,
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

const inWith = (step: AuditedStep, holes: Holes): readonly Passed[] =>
  [...step.with].flatMap(([name, { value, placed }]): readonly Passed[] => {
    if (!/^(?:docker_?)?build[-_]?args?$/i.test(name)) return [];
    return findSecrets(value, holes)
      .filter((one) => isCredentialIn(placeInText(withoutPadding(value.slice(0, one.at)), ''), one.name))
      .map((one) => ({ secret: one.name, span: spanOf(placed, one.at, one.at + 1) }));
  });

const inCalls = (step: AuditedStep, holes: Holes): readonly Passed[] =>
  collect(step.calls, (call) =>
    secretArguments(call, { environment: step.environment, holes })
      .filter(({ isBuildArg }) => isBuildArg)
      .map(({ secret, word, at }) => ({ secret, span: spanOf(word.placed, at, at + 1) })),
  );
