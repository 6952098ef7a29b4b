import type { Expression, Scalar } from '../../workflows/workflow.ts';
import { parseCondition } from '../../workflows/expressions/split-expressions.ts';
import type { AuditedJob } from '../pipeline.ts';

/** What an `if` certainly asks for: values that a reference has to have, and has not to have. All in lower case. */
interface Demands {
  readonly is: ReadonlyMap<string, string>;
  readonly isNot: readonly (readonly [string, string])[];
}

type Operation = Extract<Expression, { kind: 'operation' }>;

/** The parts that all have to be true. */
export const conjunctsOf = (expression: Expression): readonly Expression[] =>
  expression.kind === 'operation' && expression.operator === '&&'
    ? [...conjunctsOf(expression.left), ...conjunctsOf(expression.right)]
    : [expression];

/** `a == 'b'` as reference and value. */
const comparisonOf = ({ left, right }: Operation): readonly [string, string] | null => {
  const [reference, literal] = left.kind === 'reference' ? [left, right] : [right, left];
  if (reference.kind !== 'reference' || literal.kind !== 'literal') return null;
  return [reference.path.join('.').toLowerCase(), String(literal.value).toLowerCase()];
};

const isTagCheck = (expression: Expression): boolean => {
  if (expression.kind !== 'call' || expression.name.toLowerCase() !== 'startswith') return false;
  const [reference, prefix] = expression.args;
  const isRef = reference?.kind === 'reference' && reference.path.join('.').toLowerCase() === 'github.ref';
  return isRef && prefix?.kind === 'literal' && String(prefix.value).toLowerCase().startsWith('refs/tags');
};

const demandsOf = (conditions: readonly (Scalar | null)[]): Demands => {
  const is = new Map<string, string>();
  const isNot: (readonly [string, string])[] = [];
  for (const condition of conditions) {
    const expression = condition === null ? null : parseCondition(condition.value);
    for (const part of expression === null ? [] : conjunctsOf(expression)) {
      if (isTagCheck(part)) is.set('github.ref_type', 'tag');
      if (part.kind !== 'operation') continue;
      const comparison = comparisonOf(part);
      if (comparison === null) continue;
      if (part.operator === '==') is.set(...comparison);
      if (part.operator === '!=') isNot.push(comparison);
    }
  }
  const ref = is.get('github.ref');
  if (ref?.startsWith('refs/heads/') === true) {
    is.set('github.ref_type', 'branch');
    is.set('github.ref_name', ref.slice('refs/heads/'.length));
  }
  return { is, isNot };
};

const known = new WeakMap<AuditedJob, Demands>();

const demandsOfJob = (job: AuditedJob): Demands => {
  const found = known.get(job) ?? demandsOf([job.job.condition, ...job.calledBy.map((caller) => caller.job.condition)]);
  known.set(job, found);
  return found;
};

const contradicts = (one: Demands, other: Demands): boolean =>
  [...one.is].some(([name, value]) => (other.is.get(name) ?? value) !== value) ||
  one.isNot.some(([name, value]) => other.is.get(name) === value);

/** Whether these conditions, of which all have to hold, only hold for tags. */
export const areOnlyForTags = (conditions: readonly (Scalar | null)[]): boolean =>
  demandsOf(conditions).is.get('github.ref_type') === 'tag';

/** What a job's `if`, and those of the jobs that call its workflow, certainly ask for: `github.ref_name is main`. */
export const describeDemands = (job: AuditedJob): readonly string[] => {
  const { is, isNot } = demandsOfJob(job);
  return [
    ...[...is].map(([name, value]) => `${name} is ${value}`),
    ...isNot.map(([name, value]) => `${name} is not ${value}`),
  ];
};

/** Whether two jobs never run in the same run, e.g. one for pull requests and one for pushes: neither can wait for the other. */
export const areExclusive = (one: AuditedJob, other: AuditedJob): boolean => {
  const [a, b] = [demandsOfJob(one), demandsOfJob(other)];
  return contradicts(a, b) || contradicts(b, a);
};
