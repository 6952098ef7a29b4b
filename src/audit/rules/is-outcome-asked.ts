import type { Span } from '../../core/placed-text.ts';
import { parseCondition, splitExpressions } from '../../workflows/expressions/split-expressions.ts';
import type { Expression, Scalar } from '../../workflows/workflow.ts';
import { isSameSpan } from '../is-same-span.ts';
import { baseName } from '../model/django-command.ts';
import { referencesOf } from '../model/evaluate-expression.ts';
import type { AuditedJob, AuditedStep } from '../pipeline.ts';

/**
 * Whether the job asks for the outcome of the step with this `continue-on-error` and makes more of it than a message:
 * `if: steps.migrate.outcome == 'failure'` with `exit 1`, a deployment with `== 'success'`, an output of the job.
 */
export const isOutcomeAsked = (continues: Span, { job, steps }: Pick<AuditedJob, 'job' | 'steps'>): boolean => {
  const own = job.steps.find(
    ({ continueOnError }) => continueOnError !== null && isSameSpan(continueOnError.span, continues),
  );
  const id = own?.id?.toLowerCase();
  if (id === undefined) return false;
  const asks = (expression: Expression | null): boolean =>
    expression !== null &&
    referencesOf(expression).some((path) => path.slice(0, 3).join('.').toLowerCase() === `steps.${id}.outcome`);
  const asksIn = ({ placed }: Scalar): boolean =>
    splitExpressions(placed).some((part) => part.kind === 'expression' && asks(part.expression));
  const outputs = [...job.outputs.values()];
  return (
    outputs.some(({ value }) => asksIn(value)) ||
    steps.some((step) => {
      const { condition, run, env, with: given } = step.step;
      const texts = [...(run === null ? [] : [run]), ...[...env.values(), ...given.values()].map(({ value }) => value)];
      const isAsker = asks(condition === null ? null : parseCondition(condition.value)) || texts.some(asksIn);
      return isAsker && !onlyTells(step);
    })
  );
};

const TELLING = /^(?:echo|printf|cat|date|sleep|curl|wget|mail|sendmail|tee|jq)$/;
const TELLING_ACTION = /slack|discord|telegram|teams|notif|mail|comment/;

const onlyTells = ({ action, calls, unknownScripts }: AuditedStep): boolean =>
  unknownScripts.length === 0 &&
  calls.every(({ words }) => TELLING.test(baseName(words[0]?.value ?? ''))) &&
  (action === null || TELLING_ACTION.test(action));
