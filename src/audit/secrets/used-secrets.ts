import { spanOf, type Span } from '../../core/placed-text.ts';
import { splitExpressions } from '../../workflows/expressions/split-expressions.ts';
import { isTestedVariable } from '../../workflows/optional-names.ts';
import type { Entries, Expression, Scalar, Workflow, WorkflowJob, YamlValue } from '../../workflows/workflow.ts';

export interface UsedSecret {
  /** In capitals: GitHub does not tell them apart. */
  readonly name: string;
  readonly span: Span;
}

/** GitHub's own, and those that people set to switch something on. */
const ALWAYS_THERE: ReadonlySet<string> = new Set(['GITHUB_TOKEN', 'ACTIONS_STEP_DEBUG', 'ACTIONS_RUNNER_DEBUG']);

/** The secrets that a job, or the `env` of its workflow, cannot do without. One that is asked whether it is there may be missing. */
export const usedSecrets = (job: WorkflowJob, { env, source }: Workflow): readonly UsedSecret[] =>
  [
    ...ofEntries(env),
    ...ofEntries(job.env),
    ...ofEntries(job.with),
    ...ofEntries(job.outputs),
    ...[job.secrets, job.container, ...[...job.services.values()].map(({ value }) => value)].flatMap(ofYaml),
    ...job.steps.flatMap((step) => [...ofEntries(step.env), ...ofEntries(step.with), ...ofScalar(step.run, '')]),
  ]
    .filter(({ name, variable }) => !ALWAYS_THERE.has(name) && !isTestedVariable(variable, source.text))
    .map(({ name, span }) => ({ name, span }));

interface Use extends UsedSecret {
  /** The key that has it. */
  readonly variable: string;
}

const ofEntries = (entries: Entries): readonly Use[] =>
  [...entries].flatMap(([name, { value }]) => ofScalar(value, name));

const ofYaml = (value: YamlValue | null): readonly Use[] =>
  value?.kind === 'map'
    ? [...value.entries].flatMap(([name, entry]) =>
        entry.value.kind === 'scalar' ? ofScalar(entry.value.scalar, name) : ofYaml(entry.value),
      )
    : [];

const ofScalar = (scalar: Scalar | null, variable: string): readonly Use[] => {
  if (scalar === null || !scalar.value.includes('secrets')) return [];
  return splitExpressions(scalar.placed).flatMap((part): readonly Use[] => {
    if (part.kind === 'text' || part.expression === null) return [];
    return namesIn(part.expression).map((name) => ({ name, variable, span: spanOf(part.placed) }));
  });
};

/** Not below an operator: `secrets.A || secrets.B`, `secrets.A != ''`. */
const namesIn = (expression: Expression): readonly string[] => {
  if (expression.kind === 'call') return expression.args.flatMap(namesIn);
  if (expression.kind !== 'reference') return [];
  const [context, name] = expression.path;
  return context?.toLowerCase() === 'secrets' && typeof name === 'string' && name !== '*' ? [name.toUpperCase()] : [];
};
