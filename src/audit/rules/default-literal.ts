import { spanOf } from '../../core/placed-text.ts';
import { defineRule, whereOf, type RuleFinding } from '../finding.ts';
import type { Pipeline } from '../pipeline.ts';
import { fallbacksInExpressions, fallbacksInScripts, type Fallback } from '../secrets/fallbacks.ts';
import { findDefaults } from '../secrets/find-credentials.ts';
import { textsNeverRun, type NeverRun } from '../secrets/never-runs.ts';
import { onePerSecret } from '../secrets/one-per-secret.ts';
import { withoutOwnPasswords } from '../secrets/own-passwords.ts';
import { strictnessOf } from '../secrets/strictness.ts';
import { withoutExpressions, writtenValues } from '../secrets/written-values.ts';

type Placed = Omit<RuleFinding, 'message' | 'fix'> & Fallback;

export const defaultLiteral = defineRule({
  id: 'secret/default-literal',
  title: 'A secret that is missing is replaced by a fixed value',
  check: ({ pipelines }) =>
    onePerSecret(
      pipelines.flatMap(ofPipeline).map(({ of, isPlace = false, ...finding }) => ({
        ...finding,
        secret: of,
        ...(isPlace ? { severity: 'info' as const } : {}),
        message: isPlace
          ? `If ${of} is not set, the value written here takes its place, and nothing reports it.`
          : `Where ${of} is not set, a value that is written here is taken: nobody notices, and everybody knows it.`,
        fix: { sentence: `Remove the default, so that a missing ${of} ends the job.`, edits: [] },
      })),
    ),
});

const ofPipeline = (pipeline: Pipeline): readonly Placed[] => [
  ...textsNeverRun(pipeline).flatMap(ofNeverRun),
  ...writtenValues(pipeline).flatMap(({ name, scalar, kind, strictness, job, step }) => {
    const placed = withoutExpressions(scalar);
    const isRun = step !== null && step.calls.length > 0;
    const inText = kind !== 'with' || isRun ? [] : findDefaults(placed.text, strictness);
    const found = [
      ...fallbacksInExpressions(scalar, name, strictness),
      ...inText.map(({ as, start, end }) => ({ of: `$${as}`, span: spanOf(placed, start, end) })),
    ];
    return (job === null ? found : withoutOwnPasswords(found, job)).map((one) => ({
      ...one,
      ...whereOf(job?.key, step?.label),
    }));
  }),
  ...pipeline.jobs.flatMap((job) => {
    const strictness = strictnessOf(job, pipeline);
    if (strictness === null) return [];
    return job.steps.flatMap((step) =>
      withoutOwnPasswords(
        [
          ...(step.step.run === null ? [] : fallbacksInExpressions(step.step.run, '', strictness)),
          ...fallbacksInScripts(step, strictness),
        ],
        job,
      ).map((one) => ({ ...one, job: job.key, step: step.label })),
    );
  }),
];

/** Nothing follows a script that never runs: `${DB_PASSWORD:-value}` is looked for in its text. */
const ofNeverRun = ({ name, scalar, strictness, job, step }: NeverRun): readonly Placed[] => {
  const placed = withoutExpressions(scalar);
  const inText = name === null ? findDefaults(placed.text, strictness) : [];
  return [
    ...fallbacksInExpressions(scalar, name ?? '', strictness),
    ...inText.map(({ as, start, end }) => ({ of: `$${as}`, span: spanOf(placed, start, end) })),
  ].map((one) => ({ ...one, ...whereOf(job, step) }));
};
