import { forEachChild, type Command, type SyntaxNode } from 'unbash';

import { canSearch } from '../machine/effort.ts';
import type { Machine, Place } from '../machine/machine.ts';
import { baseName } from '../programs/take-off.ts';
import { mayFail, restOf, TELLS } from './may-fail.ts';

/** Whether a node takes the value of one of these variables: `$rc`, `${rc:-0}`, `(( rc ))`, `$?`. */
export const mentions = (node: SyntaxNode, names: ReadonlySet<string>): boolean => {
  if (node.type === 'SimpleExpansion') return names.has(node.text.slice(1));
  if (node.type === 'ParameterExpansion' && names.has(node.parameter)) return true;
  if (node.type === 'ArithmeticWord' && names.has(node.value)) return true;
  let found = false;
  forEachChild(node, (child) => {
    found ||= mentions(child, names);
  });
  return found;
};

/** All statements of the text that a place is in. */
export const statementsAround = ({ code, after }: Place, { parsed }: Machine): readonly SyntaxNode[] =>
  parsed.get(code.placed.text)?.commands ?? restOf(after);

/** The variables that are set in these nodes, in this shell. */
export const assignedIn = (nodes: readonly SyntaxNode[]): readonly string[] =>
  nodes.flatMap((node): readonly string[] => {
    if (node.type === 'Command') {
      const items = node.name === undefined ? node.prefix : [];
      return items.flatMap((item) => (item.type === 'Assignment' ? [item.name] : []));
    }
    const children: SyntaxNode[] = [];
    if (node.type !== 'Function' && node.type !== 'Subshell') forEachChild(node, (child) => children.push(child));
    return assignedIn(children);
  });

/** The first node from a position on that is wanted. */
export const findNode = (
  nodes: readonly SyntaxNode[],
  from: number,
  isWanted: (node: SyntaxNode) => boolean,
): SyntaxNode | null => {
  let found: SyntaxNode | null = null;
  const visit = (node: SyntaxNode): void => {
    if (found !== null || node.end <= from) return;
    if (node.pos >= from && isWanted(node)) found = node;
    else forEachChild(node, visit);
  };
  nodes.forEach(visit);
  return found;
};

/** Something that ends with a failure depends on a variable: `exit $rc`, `if [ $rc -ne 0 ]; then … exit 1`. */
export const isAsked = (name: string, from: number, place: Place, machine: Machine): boolean => {
  if (!canSearch(machine, place.code.placed.text.length - from, place)) return false;
  const nodes = statementsAround(place, machine);
  const search: Search = { from, names: new Set([name]), use: null };
  for (const node of nodes) findUse(node, search);
  if (search.use === null) return false;
  return search.use === 'asked' || mayFail(nodes, place.shell.functions, search.use);
};

interface Search {
  readonly from: number;
  /** The variable, and those that are given its value. */
  readonly names: Set<string>;
  /** Where something first depends on it, or that a status does for certain. */
  use: number | 'asked' | null;
}

const findUse = (node: SyntaxNode, search: Search): void => {
  if (search.use !== null || node.end <= search.from) return;
  if (node.pos >= search.from) search.use = useOf(node, search);
  if (search.use === null) forEachChild(node, (child) => findUse(child, search));
};

const useOf = (node: SyntaxNode, { names }: Search): Search['use'] => {
  switch (node.type) {
    case 'TestCommand':
    case 'ArithmeticCommand':
      return mentions(node, names) ? node.pos : null;
    case 'Case':
      return mentions(node.word, names) ? node.pos : null;
    case 'Pipeline':
      // `echo "$rc" | grep -q 0 || exit 1`
      return node.commands.length > 1 && !node.commands.every(onlyTells) && mentions(node, names) ? node.pos : null;
    case 'Command':
      return useOfCommand(node, names);
    default:
      return null;
  }
};

const useOfCommand = (node: Command, names: Set<string>): Search['use'] => {
  const name = baseName(node.name?.value ?? '');
  const isDeclaration = name === '' || /^(?:export|local|declare|readonly|typeset)$/.test(name);
  if (isDeclaration) {
    for (const item of [...node.prefix, ...node.args]) {
      if (item.type === 'Assignment' && mentions(item.value, names)) names.add(item.name);
    }
    return null;
  }
  if (!mentions(node, names)) return null;
  if (name === 'exit' || name === 'return') return 'asked';
  if (!onlyTells(node)) return node.pos;
  // A later step may ask for what this one hands on.
  return node.redirects.some((item) => item.type === 'Redirect' && mentions(item, FILES_OF_STEPS)) ? 'asked' : null;
};

export const FILES_OF_STEPS = new Set(['GITHUB_OUTPUT', 'GITHUB_ENV']);

/** A command that reports something and decides nothing. */
export const onlyTells = (node: SyntaxNode): boolean =>
  node.type === 'Command' &&
  (TELLS.test(baseName(node.name?.value ?? '')) ||
    /^(?:tee|cat|curl|wget|mail)$/.test(baseName(node.name?.value ?? '')));
