import type { Statement, SyntaxNode } from 'unbash';

import { spanOf, type Span } from '../../core/placed-text.ts';
import type { Fate } from '../shell-run.ts';
import { NOTHING_SAID, UNKNOWN_SAID, type Machine, type Outcome, type Place } from '../machine/machine.ts';
import { canSearch, costOfStatement, spend } from '../machine/effort.ts';
import { joinBounded } from '../words/join-bounded.ts';
import { findNode, mentions, onlyTells, statementsAround } from '../fate/is-asked.ts';
import { judgeLater, STATUS } from '../fate/judge-later.ts';

/** Statements one after the other; the place's fate is that of the last. */
export const walkStatements = (statements: readonly Statement[], place: Place, machine: Machine): Outcome => {
  const saids: Outcome['said'][] = [];
  for (const [index, statement] of statements.entries()) {
    const span = (): Span => spanOf(place.code.placed, statement.pos, statement.end);
    if (!spend(machine, costOfStatement(place.shell), span)) return UNKNOWN_SAID;
    const isLast = index === statements.length - 1;
    const around: Place = { ...inTrap(place), after: { statements, from: index + 1, outer: place.after } };
    const here: Place = {
      ...around,
      fate: fateOfStatement(statement, isLast, around, machine),
      negatedFate: isLast ? place.negatedFate : null,
      input: index === 0 ? place.input : null,
    };
    const outcome = machine.walk(statement.command, here);
    saids.push(outcome.said);
    if (outcome.ends && statement.background !== true) return { said: joinSaid(saids), ends: true };
  }
  return statements.length === 0 ? NOTHING_SAID : { said: joinSaid(saids), ends: false };
};

/** Where a trap ends the shell with success, nothing in it fails what is around it. */
const inTrap = (place: Place): Place => {
  const { exitsWell } = place.shell;
  if (exitsWell === null || place.shellFate.kind === 'swallowed') return place;
  const fate: Fate = { kind: 'swallowed', how: "trap '… exit 0' EXIT", span: exitsWell };
  return { ...place, fate: place.fate === place.shellFate ? fate : place.fate, shellFate: fate };
};

/** null: not known of one of them, or longer than anything people mean. */
const joinSaid = (saids: readonly Outcome['said'][]): Outcome['said'] => {
  const known = saids.filter((said) => said !== null);
  if (known.length < saids.length) return null;
  const { placed, isComplete } = joinBounded(known);
  return isComplete ? placed : null;
};

/** What becomes of a statement's failure in a list of them. */
const fateOfStatement = (statement: Statement, isLast: boolean, place: Place, machine: Machine): Fate => {
  const { shell } = place;
  if (statement.background === true) return fateInBackground(statement, place, machine);
  if (place.isHeeded && shell.errexit) return place.shellFate;
  if (isLast) return place.fate;
  const asked = judgeLater(place, machine);
  if (asked !== null) return asked;
  // Inside of `( … ) || true` nothing ends at a failure, and nothing asks for it.
  if (!place.isHeeded && place.fate.kind === 'swallowed') return place.fate;
  if (place.isHeeded && shell.errexitOff !== null) {
    return { kind: 'swallowed', how: 'set +e', span: shell.errexitOff };
  }
  const next = place.after?.statements[place.after.from];
  return {
    kind: 'unheeded',
    by: shell.errexit ? 'context' : isReported(statement, next, place) ? 'unknown' : 'shell',
    depth: place.layers.length,
    next: next === undefined ? null : spanOf(place.code.placed, next.pos, next.end),
  };
};

/** `out=$(ssh host "a; echo $?")`, `$(ssh host "a && echo done; b")`: what is said may be read and decide. */
const isReported = ({ command }: Statement, next: Statement | undefined, { output }: Place): boolean => {
  if (output !== 'captured' && output !== 'pipe') return false;
  const tells = command.type === 'AndOr' && command.commands.some(onlyTells);
  return tells || (next !== undefined && mentions(next, STATUS));
};

const fateInBackground = (statement: Statement, place: Place, machine: Machine): Fate => {
  const { code, shellFate } = place;
  if (
    canSearch(machine, code.placed.text.length - statement.end, place) &&
    findNode(statementsAround(place, machine), statement.end, waitsForOne) !== null
  ) {
    return shellFate;
  }
  const sign = code.placed.text.indexOf('&', statement.command.end);
  const start = sign < 0 ? statement.end : sign;
  return { kind: 'swallowed', how: '&', span: spanOf(code.placed, start, start + 1) };
};

/** `wait $PID`, which ends as the job does. Without an argument it ends with zero, whatever the jobs do. */
const waitsForOne = (node: SyntaxNode): boolean =>
  node.type === 'Command' && node.name?.value === 'wait' && node.args.length > 0;
