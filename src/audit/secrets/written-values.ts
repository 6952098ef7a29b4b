import { joinPlaced, placeInstead, type PlacedText } from '../../core/placed-text.ts';
import { splitExpressions } from '../../workflows/expressions/split-expressions.ts';
import type { Entries, Expression, Scalar, YamlValue } from '../../workflows/workflow.ts';
import type { AuditedJob, AuditedStep, Pipeline } from '../pipeline.ts';
import type { Strictness } from './judge-value.ts';
import { strictnessOf, strictnessOfWorkflow } from './strictness.ts';

/** A value as a workflow has it under a name: in `env`, in `with`, as the default of an input. */
export interface WrittenValue {
  readonly name: string;
  readonly scalar: Scalar;
  readonly kind: 'env' | 'with' | 'input';
  readonly strictness: Strictness;
  readonly job: AuditedJob | null;
  readonly step: AuditedStep | null;
}

/** Every named value of a pipeline outside of its tests. */
export const writtenValues = (pipeline: Pipeline): readonly WrittenValue[] => {
  const known = KNOWN.get(pipeline) ?? findValues(pipeline);
  KNOWN.set(pipeline, known);
  return known;
};

const KNOWN = new WeakMap<Pipeline, readonly WrittenValue[]>();

const findValues = (pipeline: Pipeline): readonly WrittenValue[] => {
  const { workflow, jobs } = pipeline;
  const workflows = new Set([workflow, ...jobs.map((job) => job.workflow)]);
  const ofWorkflows = [...workflows].flatMap(({ env, triggers }) => [
    ...named(env).map((one) => ({ ...one, kind: 'env' as const })),
    ...triggers.flatMap(({ inputs }) =>
      [...inputs].flatMap(([name, { value }]) =>
        value.default === null ? [] : [{ name, scalar: value.default, kind: 'input' as const }],
      ),
    ),
  ]);
  return [
    ...ofWorkflows.flatMap((one): readonly WrittenValue[] => {
      const strictness = strictnessOfWorkflow(one.name, pipeline);
      return strictness === null ? [] : [{ ...one, strictness, job: null, step: null }];
    }),
    ...jobs.flatMap((job): readonly WrittenValue[] => {
      const strictness = strictnessOf(job, pipeline);
      return strictness === null ? [] : ofJob(job, strictness);
    }),
  ];
};

const named = (entries: Entries): readonly { readonly name: string; readonly scalar: Scalar }[] =>
  [...entries].map(([name, { value }]) => ({ name, scalar: value }));

const ofJob = (job: AuditedJob, strictness: Strictness): readonly WrittenValue[] => {
  const around = { strictness, job, step: null };
  const callers = job.calledBy.flatMap((caller) => [
    ...named(caller.job.with),
    ...(caller.job.secrets === null ? [] : inYaml(caller.job.secrets)),
  ]);
  return [
    ...named(job.job.env).map((one) => ({ ...one, ...around, kind: 'env' as const })),
    ...[...callers, ...named(job.job.with), ...(job.job.container === null ? [] : inYaml(job.job.container))].map(
      (one) => ({ ...one, ...around, kind: 'with' as const }),
    ),
    ...(job.job.secrets === null ? [] : inYaml(job.job.secrets)).map((one) => ({
      ...one,
      ...around,
      kind: 'with' as const,
    })),
    ...job.steps.flatMap((step) => [
      ...named(step.step.env).map((one) => ({ ...one, ...around, step, kind: 'env' as const })),
      ...named(step.step.with).map((one) => ({ ...one, ...around, step, kind: 'with' as const })),
    ]),
  ];
};

/** `credentials`, `env` of a container; secrets for a called workflow. */
const inYaml = (value: YamlValue): readonly { readonly name: string; readonly scalar: Scalar }[] =>
  value.kind === 'map'
    ? [...value.entries].flatMap(([name, entry]) =>
        entry.value.kind === 'scalar' ? [{ name, scalar: entry.value.scalar }] : inYaml(entry.value),
      )
    : [];

/** Stands for an expression where only the text around it counts. */
const OPEN = '\uE000';

export const withoutExpressions = ({ placed }: Scalar): PlacedText =>
  placed.text.includes('${{')
    ? joinPlaced(
        splitExpressions(placed).map((part) => (part.kind === 'text' ? part.placed : placeInstead(OPEN, part.placed))),
      )
    : placed;

/** A fixed text that an expression may have as its value. */
export interface FixedResult {
  readonly value: string;
  /** As the expression has it: `'postgres'`, `5432`. */
  readonly written: string;
  /** What is taken if that is not there: the names before `||`. */
  readonly insteadOf: readonly string[];
}

/** The texts written in an expression that can be its value; those that are compared are none. */
export const fixedResults = (expression: Expression, insteadOf: readonly string[] = []): readonly FixedResult[] => {
  if (expression.kind === 'literal') {
    const { value } = expression;
    if (typeof value === 'number') return [{ value: String(value), written: String(value), insteadOf }];
    return typeof value === 'string' ? [{ value, written: `'${value.replaceAll("'", "''")}'`, insteadOf }] : [];
  }
  if (expression.kind !== 'operation') return [];
  const { operator, left, right } = expression;
  if (operator === '&&') return fixedResults(right, insteadOf);
  if (operator !== '||') return [];
  return [...fixedResults(left, insteadOf), ...fixedResults(right, [...insteadOf, ...resultNames(left)])];
};

/** What an expression may hand on as it is. */
const resultNames = (expression: Expression): readonly string[] => {
  if (expression.kind === 'reference') return [expression.path.map((part) => part ?? '*').join('.')];
  if (expression.kind !== 'operation') return [];
  if (expression.operator === '&&') return resultNames(expression.right);
  return expression.operator === '||' ? [...resultNames(expression.left), ...resultNames(expression.right)] : [];
};
