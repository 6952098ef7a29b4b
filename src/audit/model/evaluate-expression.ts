import type { Holes } from '../../shell/holes.ts';
import { hasHole } from '../../shell/holes.ts';
import type { Origin } from '../../shell/shell-run.ts';
import type { Expression } from '../../workflows/workflow.ts';
import {
  type Alternatives,
  andThen,
  booleanValue,
  EMPTY,
  literalOf,
  orElse,
  textValue,
  truthOf,
  uniteAlternatives,
} from './alternatives.ts';

/** What `github.sha`, `inputs.tag`, … stand for where an expression is written. */
export interface Scope {
  readonly holes: Holes;
  /** undefined: nothing is known of it. */
  readonly lookUp: (path: readonly string[]) => Alternatives | undefined;
  /** Where a value comes from, for people; [] where it is not set in a file. */
  readonly originsOf: (path: readonly string[]) => readonly Origin[];
}

type Call = Extract<Expression, { kind: 'call' }>;
type Operation = Extract<Expression, { kind: 'operation' }>;

/** As people write it: `github.sha`, `format(…)`. */
export const nameExpression = (expression: Expression): string => {
  switch (expression.kind) {
    case 'literal':
      return String(expression.value);
    case 'reference':
      return expression.path.map((part) => part ?? '?').join('.');
    case 'call':
      return `${expression.name}(…)`;
    case 'not':
      return `!${nameExpression(expression.operand)}`;
    case 'operation':
      return `${nameExpression(expression.left)} ${expression.operator} ${nameExpression(expression.right)}`;
  }
};

const unknown = (name: string, holes: Holes): Alternatives => [
  { text: holes.of({ kind: 'unknown', name }), truth: null },
];

const literal = (value: string | number | boolean | null): Alternatives => {
  if (value === null) return [EMPTY];
  if (typeof value === 'string') return [textValue(value)];
  return [{ text: String(value), truth: Boolean(value) }];
};

const compare = (expression: Operation, scope: Scope): Alternatives => {
  const left = literalOf(evaluateExpression(expression.left, scope))?.toLowerCase();
  const right = literalOf(evaluateExpression(expression.right, scope))?.toLowerCase();
  if (left === undefined || right === undefined) return unknown(nameExpression(expression), scope.holes);
  const { operator } = expression;
  if (operator === '==') return [booleanValue(left === right)];
  if (operator === '!=') return [booleanValue(left !== right)];
  return unknown(nameExpression(expression), scope.holes);
};

/** `format('{0}:{1}', a, b)`; `{{` is a brace. Several values of an argument stay a choice each. */
const format = (call: Call, scope: Scope): Alternatives => {
  const [template, ...args] = call.args.map((arg) => evaluateExpression(arg, scope));
  const text = template === undefined ? undefined : literalOf(template);
  if (text === undefined) return unknown(nameExpression(call), scope.holes);
  const filled = text.replaceAll(/\{\{|\}\}|\{(\d+)\}/g, (match, index: string | undefined) => {
    if (index === undefined) return match.charAt(0);
    const alternatives = args[Number(index)] ?? [EMPTY];
    const options = alternatives.map((one) => one.text);
    if (options.length === 1) return options[0] ?? '';
    const argument = call.args[Number(index) + 1];
    return scope.holes.of({ kind: 'choice', name: argument === undefined ? '?' : nameExpression(argument), options });
  });
  return [hasHole(filled) ? { text: filled, truth: null } : textValue(filled)];
};

/** `toJSON(secrets)` has every secret in it, `toJSON(secrets.KEY)` that one; null: there is none in what is written as JSON. */
const secretOf = ({ args: [value] }: Call, { holes }: Scope): Alternatives | null => {
  if (value?.kind !== 'reference' || value.path[0]?.toLowerCase() !== 'secrets') return null;
  const name = value.path.length === 1 ? 'toJSON(secrets)' : nameExpression(value);
  return [{ text: holes.of({ kind: 'secret', name }), truth: true }];
};

const TESTS: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  contains: (text, part) => text.includes(part),
  startswith: (text, part) => text.startsWith(part),
  endswith: (text, part) => text.endsWith(part),
};

const callFunction = (call: Call, scope: Scope): Alternatives => {
  const name = call.name.toLowerCase();
  if (name === 'format') return format(call, scope);
  if (name === 'tojson') {
    const secret = secretOf(call, scope);
    if (secret !== null) return secret;
  }
  const judge = TESTS[name];
  const [first, second] = call.args.map((arg) => literalOf(evaluateExpression(arg, scope))?.toLowerCase());
  if (judge !== undefined && first !== undefined && second !== undefined) return [booleanValue(judge(first, second))];
  // The whole of a JSON text that is a plain string or a list of strings.
  if (name === 'fromjson' && first !== undefined && /^(?:true|false|\d+)$/.test(first)) {
    return [{ text: first, truth: first !== 'false' && first !== '0' }];
  }
  return unknown(nameExpression(call), scope.holes);
};

/** GitHub does not care how contexts and what it gives itself are cased: `GitHub.SHA` is `github.sha`. Names of a workflow stay. */
export const canonicalPath = <T extends string | null>(path: readonly T[]): readonly T[] => {
  const isGiven = path[0]?.toLowerCase() === 'github';
  const given = path[1]?.toLowerCase() === 'event' && path[2]?.toLowerCase() === 'inputs' ? 3 : path.length;
  return path.map((name, index) =>
    index === 0 || (isGiven && index < given) ? ((name?.toLowerCase() ?? null) as T) : name,
  );
};

const refer = (written: readonly (string | null)[], scope: Scope): Alternatives => {
  const path = canonicalPath(written);
  const names = path.filter((part) => part !== null);
  const found = names.length === path.length ? scope.lookUp(names) : undefined;
  return found ?? unknown(path.map((part) => part ?? '?').join('.'), scope.holes);
};

/** Every value that an expression may have. Never throws. */
export const evaluateExpression = (expression: Expression, scope: Scope): Alternatives => {
  switch (expression.kind) {
    case 'literal':
      return literal(expression.value);
    case 'reference':
      return refer(expression.path, scope);
    case 'call':
      return callFunction(expression, scope);
    case 'not': {
      const truth = truthOf(evaluateExpression(expression.operand, scope));
      return truth === null ? unknown(nameExpression(expression), scope.holes) : [booleanValue(!truth)];
    }
    case 'operation': {
      if (expression.operator !== '&&' && expression.operator !== '||') return compare(expression, scope);
      const left = evaluateExpression(expression.left, scope);
      const right = (): Alternatives => evaluateExpression(expression.right, scope);
      return uniteAlternatives(expression.operator === '&&' ? andThen(left, right) : orElse(left, right));
    }
  }
};

/** Every reference of an expression, `null` parts left out. */
export const referencesOf = (expression: Expression): readonly (readonly string[])[] => {
  switch (expression.kind) {
    case 'literal':
      return [];
    case 'reference':
      return [expression.path.filter((part) => part !== null)];
    case 'call':
      return expression.args.flatMap(referencesOf);
    case 'not':
      return referencesOf(expression.operand);
    case 'operation':
      return [...referencesOf(expression.left), ...referencesOf(expression.right)];
  }
};
