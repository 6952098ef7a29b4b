import type { Scalar, WorkflowJob, WorkflowStep } from '../../workflows/workflow.ts';
import { isSameSpan } from '../is-same-span.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Strictness } from './judge-value.ts';
import { strictnessOf } from './strictness.ts';

/** Something of a job or step that never runs, with a text that everybody who reads the file knows. */
export interface NeverRun {
  readonly job: string;
  /** Its label; missing: of the job itself. */
  readonly step?: string;
  /** In `env` or `with`; null: the script, which nothing has followed. */
  readonly name: string | null;
  readonly scalar: Scalar;
  readonly strictness: Strictness;
}

/** What is written in jobs and steps that never run: nothing uses it, but everybody who reads the file can read a secret in it. */
export const textsNeverRun = (pipeline: Pipeline): readonly NeverRun[] => [
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
const ofJob = ({ id, env, steps }: WorkflowJob): readonly NeverRun[] =>
  /(?:^|[^a-z])(?:tests?|e2e|lint|checks?)(?:$|[^a-z])/i.test(id)
    ? []
    : [
        ...[...env].map(([name, { value }]) => ({ job: id, name, scalar: value, strictness: 'making' as const })),
        ...steps.flatMap((step) => ofStep(step, id, 'making')),
      ];

const ofStep = (step: WorkflowStep, job: string, strictness: Strictness): readonly NeverRun[] => {
  const around = { job, step: step.id ?? step.name?.value ?? String(step.index + 1), strictness };
  return [
    ...[...step.env, ...step.with].map(([name, { value }]) => ({ ...around, name, scalar: value })),
    ...(step.run === null ? [] : [{ ...around, name: null, scalar: step.run }]),
  ];
};
