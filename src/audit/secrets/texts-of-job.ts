import type { Entries, Scalar } from '../../workflows/workflow.ts';
import type { AuditedJob, AuditedStep } from '../pipeline.ts';

export interface JobText {
  readonly scalar: Scalar;
  /** The key it is the value of, where that says something: a variable's or an input's name. */
  readonly name: string | null;
  readonly step: AuditedStep | null;
}

const entriesOf = (entries: Entries, step: AuditedStep | null): readonly JobText[] =>
  [...entries].map(([name, { value }]) => ({ scalar: value, name, step }));

/** Everything a job says in texts of its own: variables, inputs of actions, scripts. Services and conditions are left out. */
export const textsOfJob = ({ job, steps }: AuditedJob): readonly JobText[] => [
  ...entriesOf(job.env, null),
  ...entriesOf(job.with, null),
  ...steps.flatMap((step) => [
    ...entriesOf(step.step.env, step),
    ...entriesOf(step.step.with, step),
    ...(step.step.run === null ? [] : [{ scalar: step.step.run, name: null, step }]),
  ]),
];

/** A range of a script that stands in a comment. */
export const isCommented = (text: string, at: number): boolean => {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return /(?:^|\s)#/.test(line.replaceAll(/'[^']*'|"[^"]*"/g, ''));
};
