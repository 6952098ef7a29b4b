import type { Statement } from 'unbash';

import { joinPlaced, spanOf } from '../../core/placed-text.ts';
import type { Fate } from '../shell-run.ts';
import { NOTHING_SAID, SILENT, UNKNOWN_SAID, type Machine, type Outcome, type Place } from '../machine/machine.ts';
import { judgeLater } from '../fate/judge-later.ts';

const UNHEEDED: Fate = { kind: 'unheeded' };

/** Statements one after the other; the place's fate is that of the last. */
export const walkStatements = (statements: readonly Statement[], place: Place, machine: Machine): Outcome => {
  let said: Outcome['said'] = SILENT;
  for (const [index, statement] of statements.entries()) {
    machine.budget -= 1;
    if (machine.budget < 0) return UNKNOWN_SAID;
    const after = { statements, from: index + 1, outer: place.after };
    const isLast = index === statements.length - 1;
    const here: Place = {
      ...place,
      after,
      fate: fateOfStatement(statement, isLast, { ...place, after }, machine),
      negatedFate: isLast ? place.negatedFate : null,
      input: index === 0 ? place.input : null,
    };
    const outcome = machine.walk(statement.command, here);
    said = said === null || outcome.said === null ? null : joinPlaced([said, outcome.said]);
    if (outcome.ends && statement.background !== true) return { said, ends: true };
  }
  return statements.length === 0 ? NOTHING_SAID : { said, ends: false };
};

/** What becomes of a statement's failure in a list of them. */
const fateOfStatement = (statement: Statement, isLast: boolean, place: Place, machine: Machine): Fate => {
  const { shell } = place;
  if (statement.background === true) return fateInBackground(statement, place);
  if (place.isHeeded && shell.errexit) return place.shellFate;
  if (isLast) return place.fate;
  const asked = judgeLater(statement, place, machine);
  if (asked !== null) return asked;
  // Inside of `( … ) || true` nothing ends at a failure, and nothing asks for it.
  if (!place.isHeeded && place.fate.kind === 'swallowed') return place.fate;
  if (place.isHeeded && shell.errexitOff !== null) {
    return { kind: 'swallowed', how: 'set +e', span: shell.errexitOff };
  }
  return UNHEEDED;
};

const fateInBackground = (statement: Statement, { after, code, shellFate }: Place): Fate => {
  const rest = code.placed.text.slice(statement.end);
  if (after !== null && /\bwait\b/.test(rest)) return shellFate;
  const sign = code.placed.text.indexOf('&', statement.command.end);
  const start = sign < 0 ? statement.end : sign;
  return { kind: 'swallowed', how: '&', span: spanOf(code.placed, start, start + 1) };
};
