import type { ValueKind } from './named-values.ts';

export interface Reference {
  readonly kind: ValueKind;
  /** In capitals. */
  readonly name: string;
  /** The expression compares it, or has something else in its place: it may be missing. */
  readonly isTested: boolean;
}

const EXPRESSION = /\$\{\{([\s\S]*?)\}\}/g;
const REFERENCE = /(?<![\w.'-])(secrets|vars)\s*(?:\.\s*([A-Za-z_][\w-]*)|\[\s*'([^']+)'\s*\])/g;
const OPERATOR = /\|\||&&|[!=<>]=|[!<>]/;

/** The secrets and variables that the expressions of this text name. */
export const referencesIn = (text: string): readonly Reference[] =>
  [...text.matchAll(EXPRESSION)].flatMap(([, expression = '']) => referencesOf(expression));

/** The same of an expression without its braces, as `if` may have it. */
export const referencesOf = (expression: string): readonly Reference[] =>
  [...expression.matchAll(REFERENCE)].map(([, context, dotted, indexed]) => ({
    kind: context === 'secrets' ? 'secret' : 'variable',
    name: (dotted ?? indexed ?? '').toUpperCase(),
    isTested: OPERATOR.test(expression),
  }));
