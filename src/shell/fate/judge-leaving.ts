import { forEachChild, type CompoundList, type Statement, type SyntaxNode } from 'unbash';

import { spanOf, type Span } from '../../core/placed-text.ts';
import type { Fate } from '../shell-run.ts';
import { canSearch } from '../machine/effort.ts';
import type { Machine, Place } from '../machine/machine.ts';
import { isTest } from '../walk/is-test.ts';
import { judgeAlternative } from './judge-alternative.ts';
import { mayFail, restOf } from './may-fail.ts';

const RETRIED: Fate = { kind: 'retried' };

/**
 * Where success leaves a loop (`a && break`, `if a; then exit 0; fi`), a failure tries again. What becomes of it in the end is seen
 * behind the loop (`isCovered`: by `||` before that), and it counts as swallowed only where nothing there can fail. null: this is no such loop.
 */
export const judgeLeaving = (
  onSuccess: readonly Statement[],
  span: Span,
  isCovered: boolean,
  place: Place,
  machine: Machine,
): Fate | null => {
  const { loop, shell } = place;
  if (loop === null) return null;
  const { functions } = shell;
  const judged = judgeAlternative(onSuccess, functions, true);
  const ends = judged.kind === 'succeeds' && /^(?:exit|return)\b/.test(judged.word);
  const breaks = judged.kind === 'leaves' && judged.word === 'break';
  if (!ends && !breaks) return null;
  if (loop.isEndless || !canSearchAround(place, machine) || mayFail([loop.body], functions)) return RETRIED;
  const rest = restOf(loop.after);
  // The loop ends with the status of its last command, and that is the failure's.
  const isLast = !isCovered && (place.after === null || place.after.from >= place.after.statements.length);
  if ((isLast && rest.length === 0) || mayFail(rest, functions)) return RETRIED;
  if (ends && judgeAlternative(rest, functions).kind !== 'succeeds') return RETRIED;
  return { kind: 'swallowed', how: 'a loop that ends', span };
};

/** What becomes of the failure of a command that `until` or `while !` asks: the loop may end by a count, too. */
export const judgeCondition = (clause: CompoundList, body: CompoundList, place: Place, machine: Machine): Fate => {
  const { functions } = place.shell;
  const end = endWithoutSuccess(clause, body, place);
  if (end === null || !canSearchAround(place, machine)) return RETRIED;
  if (mayFail([body, ...restOf(place.after)], functions)) return RETRIED;
  return { kind: 'swallowed', how: 'a loop that ends', span: end };
};

const endWithoutSuccess = (clause: CompoundList, body: CompoundList, { code }: Place): Span | null => {
  const test = clause.commands.flatMap(({ command }) =>
    command.type === 'AndOr' ? command.commands.filter(isTest) : [],
  );
  const found = test[0] ?? findBreak(body);
  return found === null ? null : spanOf(code.placed, found.pos, found.end);
};

/** A `break` of the loop itself, or an end of the shell that is a success. */
const findBreak = (node: SyntaxNode): SyntaxNode | null => {
  if (/^(?:For|While|ArithmeticFor|Select|Function|Subshell)$/.test(node.type)) return null;
  if (node.type === 'Command') {
    const name = node.name?.value ?? '';
    const [first] = node.args;
    const isSuccess = /^(?:exit|return)$/.test(name) && first?.type === 'Word' && first.value === '0';
    return name === 'break' || isSuccess ? node : null;
  }
  let found: SyntaxNode | null = null;
  forEachChild(node, (child) => {
    found ??= findBreak(child);
  });
  return found;
};

const canSearchAround = (place: Place, machine: Machine): boolean =>
  canSearch(machine, place.code.placed.text.length, place);
