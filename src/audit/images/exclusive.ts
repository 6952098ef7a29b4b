import type { AuditedJob, AuditedStep } from '../pipeline.ts';
import type { ImageUse } from './image-use.ts';

/** What decides which of several runs this is, and what only happens after a failure. */
const SELECTS = /github\.|inputs\.|ref|branch|environment|event|stage|failure\(\)|outcome|conclusion|result|matrix\./i;

const conditionOf = ({ condition }: AuditedJob | AuditedStep): string =>
  (condition?.placed.text ?? '').replaceAll(/\s+|\$\{\{|\}\}/g, '');

const textsOf = ({ job, step }: ImageUse): readonly string[] => [
  ...job.calledBy.map(({ job: caller }) => (caller.condition?.value ?? '').replaceAll(/\s+|\$\{\{|\}\}/g, '')),
  conditionOf(job),
  conditionOf(step),
];

/**
 * Whether two mentions may belong to different runs: their conditions differ and ask for the branch, an input or an outcome, or a script
 * chooses between them.
 */
export const mayExclude = (one: ImageUse, other: ImageUse): boolean => {
  const [first, second] = [textsOf(one), textsOf(other)];
  if (first.join('\n') !== second.join('\n') && [...first, ...second].some((text) => SELECTS.test(text))) return true;
  return [one, other].some(({ call }) => call !== null && (call.isConditional || call.isFallback));
};
