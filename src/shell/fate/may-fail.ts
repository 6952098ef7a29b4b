import { forEachChild, type ArithmeticExpression, type Command, type Statement, type SyntaxNode } from 'unbash';

import type { After, ShellFunction } from '../machine/machine.ts';
import { baseName } from '../programs/take-off.ts';

/** A name that a command failing on purpose has, where its function is not there to be read. */
export const FAILS_BY_NAME = /^(?:die|fail|abort|bail|error_?exit|exit_?(?:with_?)?error|fatal|panic|throw)$/i;

/** Programs that report something and succeed. */
export const TELLS = /^(?:echo|printf|logger|notice|warn|info|log(?:_\w+)?|sleep|date|true|:)$/;

interface Search {
  readonly functions: ReadonlyMap<string, ShellFunction>;
  /** Only what starts here or later counts. */
  readonly from: number;
  readonly seen: Set<string>;
  /** `$?` is zero here: a bare `exit` is a success. */
  isZero: boolean;
}

/**
 * Whether some way through these nodes fails on purpose: `exit 1`, `return $rc`, `false`, a test that stands alone, `${OK:?}`, or a
 * function with one of them. Words that are only shown do not count.
 */
export const mayFail = (
  nodes: readonly SyntaxNode[],
  functions: ReadonlyMap<string, ShellFunction>,
  from = 0,
): boolean => {
  const search: Search = { functions, from, seen: new Set(), isZero: false };
  return nodes.some((node) => fails(node, search));
};

/** The statements that follow, and those that follow what is around them. */
export const restOf = (after: After | null): readonly Statement[] =>
  after === null ? [] : [...after.statements.slice(after.from), ...restOf(after.outer)];

const fails = (node: SyntaxNode, search: Search): boolean => {
  if (node.end <= search.from || node.type === 'Function') return false;
  if (node.pos >= search.from && failsItself(node, search)) return true;
  let found = false;
  let index = 0;
  forEachChild(node, (child) => {
    const isAfterSuccess =
      (node.type === 'AndOr' && node.operators[index - 1] === '&&') ||
      ((node.type === 'If' || node.type === 'Elif') && child === node.then);
    if (isAfterSuccess) search.isZero = true;
    index += 1;
    const isClause = 'clause' in node && child === node.clause;
    found ||= isClause ? node.clause.commands.some(({ command }) => fails(command, search)) : fails(child, search);
  });
  return found;
};

const failsItself = (node: SyntaxNode, search: Search): boolean => {
  switch (node.type) {
    case 'Statement':
      return isBareTest(node.command);
    case 'Command':
      return failsAsCommand(node, search);
    case 'ParameterExpansion':
      return node.operation?.type === 'Default' && /^:?\?$/.test(node.operation.operator);
    default:
      return false;
  }
};

/** `[ "$ok" = 1 ]` as a statement of its own: its status is all it is there for. */
const isBareTest = (node: SyntaxNode): boolean =>
  node.type === 'TestCommand' ||
  (node.type === 'ArithmeticCommand' && !counts(node.expression)) ||
  (node.type === 'Command' && /^(?:\[|test)$/.test(node.name?.value ?? ''));

/** `(( n++ ))`, `(( n += 1 ))` */
const counts = (expression: ArithmeticExpression | undefined): boolean =>
  expression === undefined ||
  (expression.type === 'ArithmeticUnary' && /^(?:\+\+|--)$/.test(expression.operator)) ||
  (expression.type === 'ArithmeticBinary' && /^(?:[-+*/%&|^]|<<|>>)?=$|^,$/.test(expression.operator));

const failsAsCommand = (node: Command, search: Search): boolean => {
  const name = baseName(node.name?.value ?? '');
  const { isZero } = search;
  if (name !== '') search.isZero = TELLS.test(name);
  if (name === 'false' || FAILS_BY_NAME.test(name)) return true;
  if (name === 'exit' || name === 'return') {
    const [first] = node.args;
    return first === undefined ? !isZero : first.type === 'Word' && first.value !== '0';
  }
  const called = search.functions.get(name);
  if (called === undefined || search.seen.has(name)) return false;
  search.seen.add(name);
  return fails(called.node.body, { ...search, from: 0, isZero: false });
};
