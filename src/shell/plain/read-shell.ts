import {
  forEachChild,
  parse,
  type Command,
  type CompoundList,
  type Function,
  type ParsedScript,
  type PipelineNode,
  type Statement,
  type SyntaxNode,
} from 'unbash';

import { evaluateText, evaluateWord } from './evaluate-word.ts';
import { createLineFinder, readCommand, forgives, hidesMessages, isTest, type Surroundings } from './read-command.ts';
import { CHECKOUT, OPEN, resolvePath, type Scope } from './scope.ts';
import type { ShellCommand, ShellScript } from './shell-command.ts';

export interface ReadShellOptions {
  /** Relative to the checkout, with `/`. */
  readonly file: string;
  /** Where it is run, relative to the checkout. */
  readonly directory?: string;
  readonly workspaceFolder?: string | null;
}

interface Walk {
  readonly out: ShellCommand[];
  readonly exports: Set<string>;
  readonly values: (readonly [string, string])[];
}

const DEEPEST = 8;

/** Every command a script runs, in order: through functions, conditions, loops and substitutions. Runs nothing. */
export const readShell = (
  text: string,
  { file, directory = '.', workspaceFolder = null }: ReadShellOptions,
): ShellScript => {
  const script = parse(text);
  const scope: Scope = {
    variables: new Map(),
    unsure: new Set(),
    functions: new Map(),
    directory: directory === '.' ? CHECKOUT : `${CHECKOUT}/${directory}`,
    args: [],
    file: `${CHECKOUT}/${file}`,
    workspaceFolder,
  };
  const lineAt = createLineFinder(text);
  const walk: Walk = { out: [], exports: new Set(), values: [] };
  const at: Surroundings = {
    source: text,
    lineAt,
    isConditional: false,
    isBackground: false,
    isRepeated: false,
    hidesErrors: false,
    input: null,
    call: null,
    depth: 0,
  };
  walkAll(script.commands, at, scope, walk);
  return {
    commands: walk.out,
    exports: [...walk.exports],
    values: walk.values,
    mistakes: [...new Set((script.errors ?? []).map(({ pos }) => lineAt(pos)))],
  };
};

const walkAll = (statements: readonly Statement[], at: Surroundings, scope: Scope, walk: Walk): void => {
  for (const { command, background } of statements) {
    walkNode(command, background === true ? { ...at, isBackground: true } : at, scope, walk);
  }
};

const walkList = (list: CompoundList | undefined, at: Surroundings, scope: Scope, walk: Walk): void =>
  walkAll(list?.commands ?? [], at, scope, walk);

const walkNode = (
  node: Statement['command'] | PipelineNode | Function | CompoundList,
  at: Surroundings,
  scope: Scope,
  walk: Walk,
): void => {
  const conditional = { ...at, isConditional: true };
  const repeated = { ...at, isRepeated: true };
  switch (node.type) {
    case 'CompoundList':
      return walkList(node, at, scope, walk);
    case 'AndOr':
      for (const [index, command] of node.commands.entries()) {
        const before = node.operators[index - 1];
        const isAsked = before === '||' || (before === '&&' && node.commands.slice(0, index).some(isTest));
        const next = node.commands[index + 1];
        const hidesErrors = at.hidesErrors || (node.operators[index] === '||' && next !== undefined && forgives(next));
        walkNode(command, { ...at, isConditional: at.isConditional || isAsked, hidesErrors }, scope, walk);
      }
      return;
    case 'Pipeline': {
      let input = at.input;
      for (const command of node.commands) {
        walkNode(command, { ...at, input }, scope, walk);
        const said = command.type === 'Command' ? readCommand(command, { ...at, input: null }, scope) : null;
        input = said !== null && /^(?:echo|printf|cat)$/.test(said.words[0] ?? '') ? saidBy(said) : null;
      }
      return;
    }
    case 'Command':
      return walkCommand(node, at, scope, walk);
    case 'Redirected':
      return walkNode(
        node.command,
        { ...at, hidesErrors: at.hidesErrors || hidesMessages(node.redirects) },
        scope,
        walk,
      );
    case 'If':
      walkList(node.clause, at, scope, walk);
      for (const list of [node.then, ...node.elif.flatMap(({ clause, then }) => [clause, then]), node.else]) {
        walkList(list, conditional, scope, walk);
      }
      return;
    case 'While':
      walkList(node.clause, repeated, scope, walk);
      return walkList(node.body, repeated, scope, walk);
    case 'For':
      scope.variables.set(node.name.value, [OPEN]);
      walkSubstitutions(node.wordlist ?? [], at, scope, walk);
      return walkList(node.body, repeated, scope, walk);
    case 'ArithmeticFor':
      return walkList(node.body, repeated, scope, walk);
    case 'Select':
      scope.variables.set(node.name.value, [OPEN]);
      return walkList(node.body, conditional, scope, walk);
    case 'Case':
      for (const item of node.items) walkList(item.body, conditional, scope, walk);
      return;
    case 'Subshell':
      return walkList(node.body, at, { ...scope, variables: new Map(scope.variables) }, walk);
    case 'BraceGroup':
      return walkList(node.body, at, scope, walk);
    case 'Function':
      scope.functions.set(node.name.value, node);
      return;
    case 'Coproc':
      return walkNode(node.body, at, scope, walk);
    default:
      return walkSubstitutions([node], at, scope, walk);
  }
};

const saidBy = ({ words, input }: ShellCommand): string | null =>
  words[0] === 'cat' ? input : words.slice(1).join(' ');

const walkCommand = (node: Command, at: Surroundings, scope: Scope, walk: Walk): void => {
  for (const item of [...node.prefix, ...node.args]) {
    if (item.type !== 'Assignment') continue;
    const { name, value } = item;
    const known =
      value.type === 'ArrayValue'
        ? value.elements.flatMap((word) => evaluateWord(word, scope))
        : [evaluateText(value, scope)];
    walk.values.push([name, known.join(' ')]);
    // Set for one command only where one follows.
    if (node.name === undefined || DECLARING.test(node.name.value)) {
      scope.variables.set(name, item.append === true ? [OPEN] : known);
      if (at.isConditional) scope.unsure.add(name);
      else scope.unsure.delete(name);
    }
    if (node.name?.value === 'export') walk.exports.add(name);
  }
  walkSubstitutions([...node.prefix, ...node.suffix], at, scope, walk);
  if (node.name === undefined) return;
  const command = readCommand(node, at, scope);
  const [name = '', ...args] = command.words;
  const called = scope.functions.get(name);
  if (called !== undefined) {
    if (at.depth >= DEEPEST) return;
    const before = scope.args;
    scope.args = args;
    walkNode(called.body, { ...at, hidesErrors: command.hidesErrors, depth: at.depth + 1, call: command }, scope, walk);
    scope.args = before;
    return;
  }
  if (name === 'cd' || name === 'pushd')
    scope.directory = resolvePath(args.find((arg) => !/^-./.test(arg)) ?? OPEN, scope);
  if (name === 'popd' || (name === 'cd' && args[0] === '-')) scope.directory = OPEN;
  if (name === 'shift') scope.args = scope.args.slice(Number(args[0] ?? 1));
  if (name === 'export') for (const arg of args) if (/^\w+$/.test(arg)) walk.exports.add(arg);
  walk.out.push(command);
};

const DECLARING = /^(?:export|local|declare|readonly|typeset)$/;

/** `$(…)` and `<(…)` wherever they stand. */
const walkSubstitutions = (nodes: readonly SyntaxNode[], at: Surroundings, scope: Scope, walk: Walk): void => {
  const visit = (node: SyntaxNode, line: number): void => {
    if (node.type !== 'Script') {
      forEachChild(node, (child) => visit(child, at.lineAt(node.pos)));
      return;
    }
    // A script in backquotes has a text, and positions, of its own.
    const script: ParsedScript = node;
    const inner = script.source === undefined ? at : { ...at, source: script.source, lineAt: () => line };
    walkAll(script.commands, inner, { ...scope, variables: new Map(scope.variables) }, walk);
  };
  for (const node of nodes) visit(node, at.lineAt(node.pos));
};
