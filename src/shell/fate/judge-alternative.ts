import type { Command, PipelineNode, Statement } from 'unbash';

import type { ShellFunction } from '../machine/machine.ts';
import { baseName } from '../programs/take-off.ts';
import { isTest } from '../walk/is-test.ts';
import { FAILS_BY_NAME } from './may-fail.ts';

/** What is done where something else has failed. */
export type Alternative =
  /** It ends with a failure too, at least on some way: of the shell, of the function, or as its own status. */
  | { readonly kind: 'fails'; readonly by: 'exit' | 'return' | 'status' }
  /** A test decides. */
  | { readonly kind: 'asks' }
  /** It counts as success; at most it shows something. `word` names it: `true`, `echo`. */
  | { readonly kind: 'succeeds'; readonly word: string; readonly names: readonly string[] }
  /** Variables are set; whether that matters is seen later. */
  | { readonly kind: 'notes'; readonly names: readonly string[] }
  /** `break`, `continue`; variables that are set before it may be asked for behind the loop. */
  | { readonly kind: 'leaves'; readonly word: string; readonly names: readonly string[] }
  /** Something else is done instead. */
  | { readonly kind: 'works'; readonly by: Command; readonly names: readonly string[] };

interface Findings {
  fails: 'exit' | 'return' | 'status' | null;
  ends: string | null;
  leaves: string | null;
  works: Command | null;
  word: string | null;
  readonly names: string[];
  /** It is run after a success, whose status a bare `exit` hands on. */
  readonly isZero: boolean;
}

export const judgeAlternative = (
  statements: readonly Statement[],
  functions: ReadonlyMap<string, ShellFunction>,
  isZero = false,
): Alternative => {
  const found: Findings = { fails: null, ends: null, leaves: null, works: null, word: null, names: [], isZero };
  for (const { command } of statements) look(command, functions, found, 0);
  const last = statements.at(-1)?.command;
  if (last?.type === 'Command' && last.name?.value === 'false') found.fails ??= 'status';
  if (found.fails !== null) return { kind: 'fails', by: found.fails };
  if (found.ends !== null) return { kind: 'succeeds', word: found.ends, names: [] };
  if (found.leaves !== null) return { kind: 'leaves', word: found.leaves, names: found.names };
  if (found.works !== null) return { kind: 'works', by: found.works, names: found.names };
  if (found.word === null && last !== undefined && isTest(last)) return { kind: 'asks' };
  if (found.names.length > 0) return { kind: 'notes', names: found.names };
  return { kind: 'succeeds', word: found.word ?? ':', names: [] };
};

const DEEPEST = 6;

const look = (
  node: Statement['command'] | PipelineNode,
  functions: ReadonlyMap<string, ShellFunction>,
  found: Findings,
  depth: number,
): void => {
  if (depth > DEEPEST) return;
  const lookAll = (statements: readonly Statement[]): void => {
    for (const { command } of statements) look(command, functions, found, depth + 1);
  };
  switch (node.type) {
    case 'Command':
      return lookAtCommand(node, functions, found, depth);
    case 'AndOr':
    case 'Pipeline':
      for (const command of node.commands) look(command, functions, found, depth + 1);
      return;
    case 'Redirected':
      return look(node.command, functions, found, depth + 1);
    case 'If':
      lookAll(node.then.commands);
      for (const { then } of node.elif) lookAll(then.commands);
      return lookAll(node.else?.commands ?? []);
    case 'While':
    case 'For':
    case 'ArithmeticFor':
    case 'Select':
    case 'Subshell':
    case 'BraceGroup':
      return lookAll(node.body.commands);
    case 'Case':
      for (const item of node.items) lookAll(item.body.commands);
      return;
    default:
      return;
  }
};

const lookAtCommand = (
  node: Command,
  functions: ReadonlyMap<string, ShellFunction>,
  found: Findings,
  depth: number,
): void => {
  const name = baseName(node.name?.value ?? '');
  const first = node.args[0];
  const argument = first?.type === 'Word' ? first.value : undefined;
  for (const item of node.prefix)
    if (item.type === 'Assignment' && node.name === undefined) found.names.push(item.name);
  if (name === '') return;
  const called = functions.get(name);
  if (called !== undefined && called.node.body.type !== 'CompoundList') {
    return look(called.node.body, functions, found, depth + 2);
  }
  if (name === 'exit' || name === 'return') {
    // After `echo`, `$?` is that of `echo`.
    const isOwnStatus = argument === undefined || argument === '$?';
    if (isOwnStatus ? found.word === null && !found.isZero : argument !== '0') found.fails ??= name;
    else found.ends = argument === undefined ? name : `${name} ${argument}`;
    return;
  }
  if (name === 'break' || name === 'continue') {
    found.leaves = name;
    return;
  }
  if (FAILS_BY_NAME.test(name)) {
    found.fails ??= 'exit';
    return;
  }
  if (name === 'let' || name === 'export' || name === 'local' || name === 'declare') {
    for (const item of node.args) if (item.type === 'Assignment') found.names.push(item.name);
    return;
  }
  if (name === '[' || name === 'test') return;
  found.word ??= name;
  if (!onlyShows(name, argument)) found.works ??= node;
};

const SHOWING = new Set(
  'true : echo printf cat ls tail head sleep date env df free ps wc grep journalctl logger set test [ pwd whoami log warn info log_info log_warn log_warning log_error warning tee rm cd notice sort'.split(
    ' ',
  ),
);

/** Tells something and changes nothing that the failed command would have changed. */
const onlyShows = (name: string, argument: string | undefined): boolean => {
  if (SHOWING.has(name)) return true;
  if (name === 'kubectl' || name === 'oc') return /^(?:logs|describe|get|top)$/.test(argument ?? '');
  if (name === 'docker' || name === 'podman') return /^(?:logs|ps|inspect|images)$/.test(argument ?? '');
  if (name === 'systemctl') return argument === 'status';
  return false;
};
