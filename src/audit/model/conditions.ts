import type { Expression, Scalar } from '../../workflows/workflow.ts';
import { parseCondition } from '../../workflows/expressions/split-expressions.ts';

/** As far as it is known; null: it is not. */
type Truth = boolean | null;

type Value = { readonly truth: Truth; readonly text: string | null };

const UNKNOWN: Value = { truth: null, text: null };

const ofTruth = (truth: Truth): Value => ({ truth, text: truth === null ? null : String(truth) });

/** What functions of the status say, by whether a needed job has failed. */
const STATUS: ReadonlyMap<string, (hasFailed: boolean) => boolean> = new Map([
  ['always', () => true],
  ['failure', (hasFailed: boolean) => hasFailed],
  ['success', (hasFailed: boolean) => !hasFailed],
  ['cancelled', () => false],
]);

/** The needed job that has failed, all others succeeded; null: none has. */
interface Failure {
  readonly failed: string | null;
}

const resultOf = (path: readonly (string | null)[], { failed }: Failure): Value => {
  const [context, job, field] = path;
  if (context?.toLowerCase() !== 'needs' || path.length !== 3 || field !== 'result' || job === null) return UNKNOWN;
  if (job === '*') return UNKNOWN;
  const text = job === failed ? 'failure' : 'success';
  return { truth: true, text };
};

const isAllResults = (expression: Expression | undefined): boolean =>
  expression?.kind === 'reference' && expression.path.join('.').toLowerCase() === 'needs.*.result';

const call = ({ name, args }: Extract<Expression, { kind: 'call' }>, failure: Failure): Value => {
  const called = name.toLowerCase();
  const status = STATUS.get(called);
  if (status !== undefined) return ofTruth(status(failure.failed !== null));
  const [first, second] = args;
  if (called !== 'contains' || first === undefined || second === undefined) return UNKNOWN;
  const wanted = evaluate(second, failure).text?.toLowerCase() ?? null;
  if (wanted === null) return UNKNOWN;
  const listed = listedIn(first);
  if (listed !== null) return ofTruth(listed.includes(wanted));
  if (!mentionsAllResults(first)) return UNKNOWN;
  // All others succeeded; whether there are others is not known.
  if (wanted === 'success') return failure.failed === null ? ofTruth(true) : UNKNOWN;
  return ofTruth(wanted === 'failure' && failure.failed !== null);
};

/** `fromJSON('["success", "skipped"]')`, or a text in which a word stands: in lower case; null: it is not written there. */
const listedIn = (expression: Expression): string | readonly string[] | null => {
  if (expression.kind === 'literal') return String(expression.value ?? '').toLowerCase();
  const [only] = expression.kind === 'call' && expression.name.toLowerCase() === 'fromjson' ? expression.args : [];
  if (only?.kind !== 'literal') return null;
  try {
    const list: unknown = JSON.parse(String(only.value));
    return Array.isArray(list) ? list.map((one) => String(one).toLowerCase()) : null;
  } catch {
    return null;
  }
};

/** `needs.*.result`, `join(needs.*.result, ',')` */
const mentionsAllResults = (expression: Expression): boolean =>
  isAllResults(expression) || (expression.kind === 'call' && expression.args.some(mentionsAllResults));

const evaluate = (expression: Expression, failure: Failure): Value => {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression;
      return { truth: Boolean(value), text: value === null ? '' : String(value) };
    }
    case 'reference':
      return resultOf(expression.path, failure);
    case 'call':
      return call(expression, failure);
    case 'not': {
      const { truth } = evaluate(expression.operand, failure);
      return ofTruth(truth === null ? null : !truth);
    }
    case 'operation':
      return operate(expression, failure);
  }
};

const operate = (expression: Extract<Expression, { kind: 'operation' }>, failure: Failure): Value => {
  const left = evaluate(expression.left, failure);
  const right = evaluate(expression.right, failure);
  switch (expression.operator) {
    case '&&':
      if (left.truth === true) return right;
      return left.truth === false || right.truth === false ? ofTruth(false) : UNKNOWN;
    case '||':
      if (left.truth === false) return right;
      return left.truth === true || right.truth === true ? ofTruth(true) : UNKNOWN;
    case '==':
    case '!=': {
      if (left.text === null || right.text === null) return UNKNOWN;
      const isEqual = left.text.toLowerCase() === right.text.toLowerCase();
      return ofTruth(isEqual === (expression.operator === '=='));
    }
    default:
      return UNKNOWN;
  }
};

/** Whether it has a function of the status, without which a skipped or failed need skips the job, too. */
export const asksStatus = (expression: Expression): boolean => {
  switch (expression.kind) {
    case 'literal':
    case 'reference':
      return false;
    case 'call':
      return STATUS.has(expression.name.toLowerCase()) || expression.args.some(asksStatus);
    case 'not':
      return asksStatus(expression.operand);
    case 'operation':
      return asksStatus(expression.left) || asksStatus(expression.right);
  }
};

/**
 * Whether an `if` lets its job run although the needed job with this id has failed. Without a function of the status GitHub puts
 * `success()` before it. What cannot be known, e.g. the branch, is taken for fulfilled; results that are asked for all at once, in another
 * way than by `contains`, are taken for heeded.
 */
export const runsDespiteFailure = (condition: Scalar | null, failed: string): boolean => {
  const expression = condition === null ? null : parseCondition(condition.value);
  if (condition === null || expression === null || !asksStatus(expression)) return false;
  const { truth } = evaluate(expression, { failed });
  return truth === true || (truth === null && !/needs\.\*\.result/.test(condition.value));
};

/** Whether an `if` lets its job run only where something before it has failed. */
export const runsOnlyAfterFailure = (condition: Scalar | null): boolean => {
  const expression = condition === null ? null : parseCondition(condition.value);
  return expression !== null && asksStatus(expression) && evaluate(expression, { failed: null }).truth === false;
};
