import type { Expression, Scalar } from '../../workflows/workflow.ts';
import { parseCondition } from '../../workflows/expressions/split-expressions.ts';
import { truthOf } from './alternatives.ts';
import { evaluateExpression, referencesOf, type Scope } from './evaluate-expression.ts';
import { conjunctsOf } from './exclusive-conditions.ts';
import { isOfEvent } from './github-context.ts';

/**
 * What the workflow file alone decides. Variables of the environment and outputs may be written by programs that are not followed, and the
 * values of a matrix belong to different runs of the job.
 */
const isDecidedByFile = (path: readonly string[]): boolean => {
  const name = path.join('.').toLowerCase();
  return (
    name === 'github.event_name' ||
    /^(?:inputs|github\.event\.inputs)\./.test(name) ||
    (name.startsWith('github.') && isOfEvent(name.slice('github.'.length)))
  );
};

const isDecided = (expression: Expression): boolean => {
  switch (expression.kind) {
    case 'literal':
      return true;
    case 'reference':
      return referencesOf(expression).every(isDecidedByFile);
    case 'not':
      return isDecided(expression.operand);
    case 'operation': {
      const { operator, left, right } = expression;
      return isDecided(left) && (isDecided(right) || operator === '&&');
    }
    case 'call':
      return expression.args.every(isDecided);
  }
};

/** Why something with such an `if` never runs. */
export const NEVER_TRUE = 'its `if` is never true';

/**
 * Whether an `if` is false in every run that can start the workflow: `false`, `0`, `${{ false }}`, an event that is not one of its
 * triggers or what only such an event brings along (`github.event.workflow_run`), an input that its caller sets. GitHub reads the text `if: 'false'` as the expression `false`; with text around `${{ … }}` a
 * condition is always true.
 */
export const neverRuns = (condition: Scalar | null, scope: Scope): boolean => {
  const expression = condition === null || condition.value.trim() === '' ? null : parseCondition(condition.value);
  if (expression === null) return false;
  return conjunctsOf(expression).some((part) => isDecided(part) && truthOf(evaluateExpression(part, scope)) === false);
};
