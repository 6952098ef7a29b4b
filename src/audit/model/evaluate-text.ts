import { joinPlaced, placeInstead, type PlacedText } from '../../core/placed-text.ts';
import type { Origin } from '../../shell/shell-run.ts';
import { splitExpressions } from '../../workflows/expressions/split-expressions.ts';
import type { Scalar } from '../../workflows/workflow.ts';
import type { Evaluated } from '../pipeline.ts';
import { type Alternatives, mergeAlternatives, textValue } from './alternatives.ts';
import { evaluateExpression, nameExpression, referencesOf, type Scope } from './evaluate-expression.ts';

/** Of a value, in characters, and of where it comes from: outputs of outputs can double both with each job. */
const LONGEST = 20_000;
const MOST_ORIGINS = 24;

/** A text with its expressions evaluated, as GitHub puts their values into it. Never throws. */
export const evaluateText = ({ placed, span }: Pick<Scalar, 'placed' | 'span'>, scope: Scope): Evaluated => {
  if (!placed.text.includes('${{')) return { value: placed.text, placed, span, origins: NO_ORIGINS };
  const parts: PlacedText[] = [];
  const origins: Origin[] = [];
  for (const part of splitExpressions(placed)) {
    if (part.kind === 'text') {
      parts.push(part.placed);
      continue;
    }
    const { expression } = part;
    if (expression === null) {
      parts.push(placeInstead(scope.holes.of({ kind: 'unknown', name: '?' }), part.placed));
      continue;
    }
    const name = nameExpression(expression);
    const value = mergeAlternatives(evaluateExpression(expression, scope), name, scope.holes);
    const isTooLong = value.length > LONGEST;
    parts.push(placeInstead(isTooLong ? scope.holes.of({ kind: 'unknown', name }) : value, part.placed));
    for (const path of referencesOf(expression)) {
      if (origins.length < MOST_ORIGINS) origins.push(...scope.originsOf(path).slice(0, MOST_ORIGINS));
    }
  }
  const joined = joinPlaced(parts);
  return { value: joined.text, placed: joined, span, origins };
};

const NO_ORIGINS: readonly Origin[] = [];

export const evaluateMaybe = (scalar: Scalar | null, scope: Scope): Evaluated | null =>
  scalar === null ? null : evaluateText(scalar, scope);

/** Every value of a text: of one that is a single expression, each of its values with its truth. */
export const alternativesOf = (scalar: Scalar, scope: Scope): Alternatives => {
  if (!scalar.placed.text.includes('${{')) return [textValue(scalar.placed.text)];
  const parts = splitExpressions(scalar.placed);
  const [only] = parts;
  if (parts.length === 1 && only?.kind === 'expression' && only.expression !== null) {
    return evaluateExpression(only.expression, scope);
  }
  return [textValue(evaluateText(scalar, scope).value)];
};
