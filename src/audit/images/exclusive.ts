import { parseCondition } from '../../workflows/expressions/split-expressions.ts';
import type { Expression } from '../../workflows/workflow.ts';
import { referencesOf } from '../model/evaluate-expression.ts';
import { conjunctsOf } from '../model/exclusive-conditions.ts';
import { findMatrixValues } from '../model/matrix-values.ts';
import type { AuditedJob, AuditedStep } from '../pipeline.ts';
import type { ImageUse } from './image-use.ts';

const isOfMatrix = (expression: Expression): boolean => {
  const references = referencesOf(expression);
  return references.length > 0 && references.every(([context]) => context?.toLowerCase() === 'matrix');
};

/** What a step's condition asks for beside the leg of the matrix. */
const demandsBesideMatrix = ({ step }: ImageUse): readonly string[] => {
  const text = step.step.condition?.value ?? '';
  const expression = text === '' ? null : parseCondition(text);
  if (expression === null) return [text];
  return conjunctsOf(expression)
    .filter((part) => !isOfMatrix(part))
    .map((part) => JSON.stringify(part));
};

/** `matrix.app == 'web'` of a matrix that has such a leg. */
const selectsLeg = ({ step, job }: ImageUse): boolean => {
  const expression = parseCondition(step.step.condition?.value ?? '');
  const parts = expression === null ? [] : conjunctsOf(expression).filter(isOfMatrix);
  return (
    parts.length > 0 &&
    parts.every((part) => {
      if (part.kind !== 'operation' || part.operator !== '==') return false;
      const [reference, literal] = part.left.kind === 'reference' ? [part.left, part.right] : [part.right, part.left];
      if (reference.kind !== 'reference' || literal.kind !== 'literal') return false;
      const path = reference.path.slice(1).filter((name) => name !== null);
      const wanted = String(literal.value).toLowerCase();
      return findMatrixValues(job.job, path)?.some(({ value }) => value.toLowerCase() === wanted) === true;
    })
  );
};

/** Steps of one job that differ in the leg they are for: all legs belong to the same run. */
const areLegsOfOneRun = (one: ImageUse, other: ImageUse): boolean =>
  one.job === other.job &&
  selectsLeg(one) &&
  selectsLeg(other) &&
  demandsBesideMatrix(one).join('\n') === demandsBesideMatrix(other).join('\n');

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
  const isScripted = [one, other].some(({ call }) => call !== null && (call.isConditional || call.isFallback));
  if (areLegsOfOneRun(one, other)) return isScripted;
  const [first, second] = [textsOf(one), textsOf(other)];
  if (first.join('\n') !== second.join('\n') && [...first, ...second].some((text) => SELECTS.test(text))) return true;
  return isScripted;
};
