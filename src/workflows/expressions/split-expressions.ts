import { slicePlaced, type PlacedText } from '../../core/placed-text.ts';
import type { Expression } from '../workflow.ts';
import { parseExpression } from './parse-expression.ts';

export type TemplatePart =
  | { readonly kind: 'text'; readonly placed: PlacedText }
  | {
      readonly kind: 'expression';
      /** With its braces. */
      readonly placed: PlacedText;
      /** Where it begins in the whole text. */
      readonly start: number;
      /** null: what stands there is no expression. */
      readonly expression: Expression | null;
    };

/** A text of a workflow in its parts, in order; together they are the text. An expression that is not closed is text. Never throws. */
export const splitExpressions = (placed: PlacedText): readonly TemplatePart[] => {
  if (!placed.text.includes('${{')) return placed.text === '' ? [] : [{ kind: 'text', placed }];
  const known = SPLIT.get(placed) ?? split(placed);
  SPLIT.set(placed, known);
  return known;
};

/** The same texts are asked for by the model and by several rules. */
const SPLIT = new WeakMap<PlacedText, readonly TemplatePart[]>();

const split = (placed: PlacedText): readonly TemplatePart[] => {
  const { text } = placed;
  const parts: TemplatePart[] = [];
  const addText = (start: number, end: number): void => {
    if (end > start) parts.push({ kind: 'text', placed: slicePlaced(placed, start, end) });
  };
  let from = 0;
  for (const { start, end } of expressionRanges(text)) {
    addText(from, start);
    parts.push({
      kind: 'expression',
      placed: slicePlaced(placed, start, end),
      start,
      expression: parseExpression(text.slice(start + 3, end - 2)),
    });
    from = end;
  }
  addText(from, text.length);
  return parts;
};

/** Of each `${{ … }}`, braces included: where it begins and where what follows it does. */
export const expressionRanges = (text: string): readonly { readonly start: number; readonly end: number }[] => {
  const ranges: { start: number; end: number }[] = [];
  for (let start = text.indexOf('${{'); start >= 0;) {
    const end = closingEnd(text, start + 3);
    if (end < 0) return ranges;
    ranges.push({ start, end });
    start = text.indexOf('${{', end);
  }
  return ranges;
};

/** After the `}}` that closes it, braces in quotes aside; -1: none does. */
const closingEnd = (text: string, from: number): number => {
  let isQuoted = false;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "'") isQuoted = !isQuoted;
    else if (!isQuoted && text[at] === '}' && text[at + 1] === '}') return at + 2;
  }
  return -1;
};

/** An `if`, with or without braces; null: none can be made of it, e.g. of several expressions and text between them. */
export const parseCondition = (text: string): Expression | null => {
  const trimmed = text.trim();
  const [first] = expressionRanges(trimmed);
  if (first === undefined) return parseExpression(trimmed);
  const isWhole = first.start === 0 && first.end === trimmed.length;
  return isWhole ? parseExpression(trimmed.slice(3, -2)) : null;
};
