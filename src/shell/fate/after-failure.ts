import { forEachChild, type AndOr, type PipelineNode, type Statement, type SyntaxNode } from 'unbash';

import { spanOf, type Span } from '../../core/placed-text.ts';
import type { Fate, ShellWord } from '../shell-run.ts';
import { canSearch, quietly } from '../machine/effort.ts';
import type { Machine, Place } from '../machine/machine.ts';
import { baseName } from '../programs/take-off.ts';
import { isAsked, mentions } from './is-asked.ts';
import { judgeAlternative, type Alternative } from './judge-alternative.ts';
import { judgeLeaving } from './judge-leaving.ts';
import { TELLS } from './may-fail.ts';

const RETRIED: Fate = { kind: 'retried' };

/** What becomes of a failure whose place an alternative takes. */
export const fateByAlternative = (
  alternative: Alternative,
  how: string,
  span: Span,
  end: number,
  place: Place,
  machine: Machine,
): Fate => {
  if ('names' in alternative && alternative.names.some((name) => isAsked(name, end, place, machine)))
    return place.shellFate;
  switch (alternative.kind) {
    case 'fails':
      if (alternative.by === 'exit') return place.shellFate;
      return alternative.by === 'return' ? (place.returnFate ?? place.shellFate) : place.fate;
    case 'asks':
      return place.fate;
    case 'succeeds':
      return { kind: 'swallowed', how: `${how} ${alternative.word}`, span };
    case 'notes':
      return { kind: 'swallowed', how: `${how} ${alternative.names[0] ?? ''}=…`, span };
    case 'leaves':
      return isSkipped(alternative.word, place, machine)
        ? { kind: 'swallowed', how: `${how} ${alternative.word}`, span }
        : RETRIED;
    case 'works':
      return { kind: 'replaced', by: wordsOf(alternative, place, machine), span };
  }
};

/** `for host in a b; do x || continue`: the next one is another one. A loop that only counts tries again. */
const isSkipped = (word: string, place: Place, machine: Machine): boolean => {
  const { loop } = place;
  if (word !== 'continue' || loop === null || loop.variable === null) return false;
  if (!canSearch(machine, loop.body.end - loop.body.pos, place)) return false;
  return worksWith(loop.body, new Set([loop.variable]));
};

/** A command other than one that only tells is given the value. */
const worksWith = (node: SyntaxNode, names: ReadonlySet<string>): boolean => {
  if (node.type === 'Command') return !TELLS.test(baseName(node.name?.value ?? '')) && mentions(node, names);
  let found = false;
  forEachChild(node, (child) => {
    found ||= worksWith(child, names);
  });
  return found;
};

const wordsOf = (
  { by }: Extract<Alternative, { readonly kind: 'works' }>,
  place: Place,
  machine: Machine,
): readonly ShellWord[] => {
  // Said for people; the walk itself evaluates these words again where they are run.
  const quiet = quietly(place);
  return [by.name, ...by.args].flatMap((word) => (word?.type === 'Word' ? machine.evaluate(word, quiet) : []));
};

/** Of `a && b || c`: what becomes of the failure of the command at `index`. */
export const fateInChain = (node: AndOr, index: number, place: Place, machine: Machine): Fate => {
  const stop = node.operators.indexOf('||', index);
  const onSuccess = node.commands.slice(index + 1, stop < 0 ? undefined : stop + 1);
  const last = onSuccess.at(-1);
  if (last !== undefined) {
    const span = spanOf(place.code.placed, last.pos, last.end);
    const leaves = judgeLeaving(onSuccess.flatMap(asStatements), span, stop >= 0, place, machine);
    if (leaves !== null) return leaves;
    const noted = judgeAlternative(onSuccess.flatMap(asStatements), place.shell.functions, true);
    // `a && ok=1`, and what is done without it is seen later.
    if ('names' in noted && noted.names.some((name) => isAsked(name, node.end, place, machine))) return place.shellFate;
  }
  for (let next = index + 1; next < node.commands.length; next += 1) {
    if (node.operators[next - 1] !== '||') continue;
    const command = node.commands[next];
    if (command === undefined) break;
    const start = operatorBefore(node, next, place.code.placed.text);
    const alternative = judgeAlternative(asStatements(command), place.shell.functions);
    // `|| (echo …; exit 1)` ends the brackets alone: it fails, as the command itself would have.
    if (alternative.kind === 'fails' && (alternative.by === 'status' || command.type === 'Subshell')) continue;
    return fateByAlternative(
      alternative,
      '||',
      spanOf(place.code.placed, start, command.end),
      command.end,
      place,
      machine,
    );
  }
  const isLast = index === node.commands.length - 1;
  if (isLast) return place.fate;
  const skipsTheRest = node.operators.slice(index).every((operator) => operator === '&&');
  // `set -e` does not end at what stands left of `&&`.
  const next = place.after?.statements[place.after.from];
  if (skipsTheRest && place.shell.errexit && place.isHeeded && next !== undefined) {
    return {
      kind: 'unheeded',
      by: 'and',
      next: spanOf(place.code.placed, next.pos, next.end),
      depth: place.layers.length,
    };
  }
  return place.fate;
};

const operatorBefore = (node: AndOr, index: number, text: string): number => {
  const from = node.commands[index - 1]?.end ?? node.pos;
  const command = node.commands[index];
  const found = text.indexOf('||', from);
  return found >= 0 && found < (command?.pos ?? from) ? found : (command?.pos ?? from);
};

export const asStatements = (node: PipelineNode): readonly Statement[] =>
  node.type === 'BraceGroup' || node.type === 'Subshell'
    ? node.body.commands
    : [{ type: 'Statement', pos: node.pos, end: node.end, command: node, background: undefined }];
