import { spanOf } from '../../core/placed-text.ts';
import type { Scalar, WorkflowJob, WorkflowStep } from '../../workflows/workflow.ts';
import { isSameSpan } from '../is-same-span.ts';
import type { Pipeline } from '../pipeline.ts';
import { fallbacksInExpressions, type Fallback } from './fallbacks.ts';
import { findDefaults } from './find-credentials.ts';
import type { Strictness } from './judge-value.ts';
import { strictnessOf } from './strictness.ts';
import { withoutExpressions } from './written-values.ts';

interface FallbackOfStep extends Fallback {
  readonly job: string;
  readonly step?: string;
}

/** Fixed values in jobs and steps that never run: they do no harm there, but everybody who reads the file knows them. */
export const fallbacksNeverRun = (pipeline: Pipeline): readonly FallbackOfStep[] => [
  ...pipeline.jobs.flatMap((job) => {
    const strictness = strictnessOf(job, pipeline);
    const disabled = job.job.steps.filter(({ span }) => job.disabledSteps.some((one) => isSameSpan(one.span, span)));
    return strictness === null ? [] : disabled.flatMap((step) => ofStep(step, job.key, strictness));
  }),
  ...pipeline.workflow.jobs
    .filter(({ idSpan }) => pipeline.disabledJobs.some(({ span }) => isSameSpan(span, idSpan)))
    .flatMap(ofJob),
];

/** What a job is for that never runs is not known: words that say that they are stand-ins are none. */
const ofJob = ({ id, env, steps }: WorkflowJob): readonly FallbackOfStep[] =>
  /(?:^|[^a-z])(?:tests?|e2e|lint|checks?)(?:$|[^a-z])/i.test(id)
    ? []
    : [
        ...[...env].flatMap(([name, { value }]) =>
          fallbacksInExpressions(value, name, 'making').map((one) => ({ ...one, job: id })),
        ),
        ...steps.flatMap((step) => ofStep(step, id, 'making')),
      ];

const ofStep = (step: WorkflowStep, job: string, strictness: Strictness): readonly FallbackOfStep[] => {
  const named = [...step.env, ...step.with].flatMap(([name, { value }]) =>
    fallbacksInExpressions(value, name, strictness),
  );
  const script = step.run === null ? [] : ofScript(step.run, strictness);
  const label = step.id ?? step.name?.value ?? String(step.index + 1);
  return [...named, ...script].map((one) => ({ ...one, job, step: label }));
};

/** Nothing follows it: `${DB_PASSWORD:-value}` is looked for in its text. */
const ofScript = (run: Scalar, strictness: Strictness): readonly Fallback[] => {
  const placed = withoutExpressions(run);
  return [
    ...fallbacksInExpressions(run, '', strictness),
    ...findDefaults(placed.text, strictness).map(({ as, start, end }) => ({
      of: `$${as}`,
      span: spanOf(placed, start, end),
    })),
  ];
};
