import { createKnownTexts } from '../../core/known-texts.ts';
import type { Expression } from '../workflow.ts';
import { readTokens, type Token } from './read-tokens.ts';

/** GitHub takes none that is deeper than 50. */
const DEEPEST = 50;
const LONGEST = 21_000;
/** Words and marks: who walks the tree of a long chain must not run out of stack. */
const MOST_TOKENS = 1000;

type Operator = Extract<Expression, { readonly kind: 'operation' }>['operator'];

/** Loosest first: GitHub's "Evaluate expressions in workflows and actions". */
const LEVELS: readonly (readonly Operator[])[] = [['||'], ['&&'], ['==', '!='], ['<', '<=', '>', '>=']];

interface Parser {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
}

/** What stands in `${{ … }}`, or in an `if` without it; null: it is none. Never throws. */
export const parseExpression = (text: string): Expression | null => KNOWN.of(text, () => parse(text));

/** Workflows name the same few secrets and outputs again and again. */
const KNOWN = createKnownTexts<Expression | null>();

const parse = (text: string): Expression | null => {
  const tokens = text.length > LONGEST ? null : readTokens(text);
  if (tokens === null || tokens.length > MOST_TOKENS) return null;
  const parser: Parser = { tokens, at: 0, depth: 0 };
  const expression = parseLevel(parser, 0);
  return parser.at === tokens.length ? expression : null;
};

const take = (parser: Parser, ...marks: readonly string[]): string | null => {
  const token = parser.tokens[parser.at];
  if (token?.kind !== 'mark' || !marks.includes(token.mark)) return null;
  parser.at++;
  return token.mark;
};

const parseLevel = (parser: Parser, level: number): Expression | null => {
  const operators = LEVELS[level];
  if (operators === undefined) return parseNot(parser);
  let left = parseLevel(parser, level + 1);
  while (left !== null) {
    const mark = take(parser, ...operators);
    const operator = operators.find((one) => one === mark);
    if (operator === undefined) return left;
    const right = parseLevel(parser, level + 1);
    left = right === null ? null : { kind: 'operation', operator, left, right };
  }
  return null;
};

const parseNot = (parser: Parser): Expression | null => {
  if (take(parser, '!') === null) return parseAccess(parser);
  const operand = nested(parser, parseNot);
  return operand === null ? null : { kind: 'not', operand };
};

const nested = (parser: Parser, parse: (parser: Parser) => Expression | null): Expression | null => {
  if (parser.depth >= DEEPEST) return null;
  parser.depth++;
  const found = parse(parser);
  parser.depth--;
  return found;
};

/** `a.b`, `a['b']`, `a.*`, `f(x).b`, `(a || b).c` */
const parseAccess = (parser: Parser): Expression | null => {
  const first = parsePrimary(parser);
  if (first === null) return null;
  const path: (string | null)[] = first.kind === 'reference' ? [...first.path] : [null];
  for (let isFirst = true; ; isFirst = false) {
    const mark = take(parser, '.', '[');
    if (mark === null) return isFirst ? first : { kind: 'reference', path };
    const part = mark === '.' ? propertyName(parser) : indexName(parser);
    if (part === undefined) return null;
    path.push(part);
  }
};

const propertyName = (parser: Parser): string | undefined => {
  if (take(parser, '*') !== null) return '*';
  const token = parser.tokens[parser.at];
  if (token?.kind !== 'name') return undefined;
  parser.at++;
  return token.name;
};

/** null: it is computed. */
const indexName = (parser: Parser): string | null | undefined => {
  if (take(parser, '*') !== null) return take(parser, ']') === null ? undefined : '*';
  const index = nested(parser, (inner) => parseLevel(inner, 0));
  if (index === null || take(parser, ']') === null) return undefined;
  return index.kind === 'literal' ? String(index.value) : null;
};

const parsePrimary = (parser: Parser): Expression | null => {
  if (take(parser, '(') !== null) {
    const inner = nested(parser, (one) => parseLevel(one, 0));
    return inner === null || take(parser, ')') === null ? null : inner;
  }
  const token = parser.tokens[parser.at];
  if (token === undefined || token.kind === 'mark') return null;
  parser.at++;
  if (token.kind === 'literal') return token;
  if (take(parser, '(') === null) return { kind: 'reference', path: [token.name] };
  const args = parseArguments(parser);
  return args === null ? null : { kind: 'call', name: token.name, args };
};

const parseArguments = (parser: Parser): readonly Expression[] | null => {
  if (take(parser, ')') !== null) return [];
  const args: Expression[] = [];
  do {
    const argument = nested(parser, (one) => parseLevel(one, 0));
    if (argument === null) return null;
    args.push(argument);
  } while (take(parser, ',') !== null);
  return take(parser, ')') === null ? null : args;
};
