import path from 'node:path';

import type { ParameterExpansionPart, ParsedScript, Word, WordPart } from 'unbash';

import { CHECKOUT, OPEN, resolvePath, type Scope } from './scope.ts';

/** The words a shell makes of one, with OPEN for what only a running shell knows. */
export const evaluateWord = (word: Word, scope: Scope): readonly string[] => {
  const { parts } = word;
  if (parts === undefined) return [word.value.startsWith('~') ? OPEN + word.value.slice(1) : word.value];
  const list = listOf(parts, scope);
  if (list !== null) return list;
  const text = parts.map((part) => evaluatePart(part, scope)).join('');
  const [first] = parts;
  const isBare = parts.length === 1 && (first?.type === 'SimpleExpansion' || first?.type === 'ParameterExpansion');
  return isBare ? text.split(/\s+/).filter((piece) => piece !== '') : [text];
};

/** As one text, where a shell would not split it. */
export const evaluateText = (word: Word, scope: Scope): string =>
  word.parts === undefined ? word.value : word.parts.map((part) => evaluatePart(part, scope)).join('');

/** `$@`, `"$@"`, `"${list[@]}"`; null: none of these. */
const listOf = (parts: readonly WordPart[], scope: Scope): readonly string[] | null => {
  const [outer] = parts;
  if (outer === undefined || parts.length > 1) return null;
  if (outer.type === 'DoubleQuoted') return listOf(outer.parts, scope);
  if (outer.type === 'SimpleExpansion') return /^\$[@*]$/.test(outer.text) ? scope.args : null;
  if (outer.type !== 'ParameterExpansion' || outer.operation !== undefined) return null;
  if (/^[@*]$/.test(outer.parameter)) return scope.args;
  return /^[@*]$/.test(outer.index?.text ?? '') ? (scope.variables.get(outer.parameter) ?? [OPEN]) : null;
};

const evaluatePart = (part: WordPart, scope: Scope): string => {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return part.value;
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.map((inner) => evaluatePart(inner, scope)).join('');
    case 'SimpleExpansion':
      return lookUp(part.text.slice(1), scope) ?? OPEN;
    case 'ParameterExpansion':
      return evaluateParameter(part, scope);
    case 'CommandExpansion':
      return evaluateCommand(part.script, scope);
    default:
      return OPEN;
  }
};

const evaluateParameter = ({ parameter, operation, prefix }: ParameterExpansionPart, scope: Scope): string => {
  if (prefix !== undefined) return OPEN;
  const known = lookUp(parameter, scope);
  if (operation === undefined) return known ?? OPEN;
  if (operation.type !== 'Default' || /\+/.test(operation.operator)) return OPEN;
  if (known !== undefined && known !== '') return known;
  return operation.operator.includes('?') ? OPEN : evaluateText(operation.operand, scope);
};

const CHECKOUT_VARIABLES = new Set([
  'GITHUB_WORKSPACE',
  'CODESPACE_VSCODE_FOLDER',
  'containerWorkspaceFolder',
  'localWorkspaceFolder',
]);

const lookUp = (name: string, scope: Scope): string | undefined => {
  if (name === '0' || name === 'BASH_SOURCE') return scope.file;
  if (name === 'PWD') return scope.directory;
  // Not given means empty to the shell: a script is followed as it runs without arguments.
  if (/^[1-9]$/.test(name)) return scope.args[Number(name) - 1] ?? '';
  if (CHECKOUT_VARIABLES.has(name)) return CHECKOUT;
  return scope.variables.get(name)?.[0];
};

/** `$(dirname "$0")`, `$(cd … && pwd)`, `$(command -v python3 || …)`: what scripts find themselves by. */
const evaluateCommand = (script: ParsedScript | undefined, scope: Scope): string => {
  const [statement] = script?.commands ?? [];
  if (statement === undefined || (script?.commands.length ?? 0) > 1) return OPEN;
  const node = statement.command;
  const simple = node.type === 'AndOr' ? node.commands : [node];
  let directory = scope.directory;
  for (const [index, command] of simple.entries()) {
    if (command.type !== 'Command' || command.name === undefined) return OPEN;
    const words = [command.name, ...command.args].flatMap((word) =>
      word.type === 'Word' ? evaluateWord(word, { ...scope, directory }) : [],
    );
    const [name = '', ...args] = words;
    const last = args.findLast((arg) => !arg.startsWith('-')) ?? '';
    const here = { ...scope, directory };
    if (name === 'cd') {
      directory = resolvePath(last, here);
      continue;
    }
    if (name === 'pwd') return directory;
    if (name === 'dirname') return path.posix.dirname(last);
    if (name === 'basename') return path.posix.basename(last);
    if (name === 'realpath' || name === 'readlink') return resolvePath(last, here);
    if (name === 'git') return args.includes('--show-toplevel') ? CHECKOUT : OPEN;
    if ((name === 'command' && args[0] === '-v') || name === 'which') return last;
    if (name === 'echo' && index === 0) return args.join(' ');
    return OPEN;
  }
  return OPEN;
};
