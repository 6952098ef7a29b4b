import type { Statement } from 'unbash';

import { spanOf } from '../../core/placed-text.ts';
import type { Fate } from '../shell-run.ts';
import type { Machine, Place } from '../machine/machine.ts';
import { FILES_OF_STEPS, isAsked, mentions } from './is-asked.ts';
import { judgeAlternative } from './judge-alternative.ts';
import { mayFail } from './may-fail.ts';

export const STATUS = new Set(['?', 'PIPESTATUS']);
export const PIPE_STATUS = new Set(['PIPESTATUS']);

/**
 * What later statements make of the failure of one that `set -e` does not end: `$?` that is kept or asked for. null: they do not ask.
 */
export const judgeLater = (place: Place, machine: Machine, names: ReadonlySet<string> = STATUS): Fate | null => {
  const { after, code } = place;
  const next = after?.statements[after.from];
  if (after === null || next === undefined) return null;
  if (mentions(next, names)) return asksForStatus(next, place, machine, names) ? place.shellFate : null;
  // `exit` alone ends with the status of what was run before it.
  const left = names === STATUS ? leavingOf(next) : null;
  if (left !== null) return left === 'return' ? (place.returnFate ?? place.shellFate) : place.shellFate;
  const ended = after.statements.length - after.from === 1 && place.isHeeded && !place.shell.errexit;
  if (names === STATUS && ended && alwaysSucceeds(next) && after.outer === null) {
    return {
      kind: 'swallowed',
      how: `; ${code.placed.text.slice(next.pos, next.end)}`,
      span: spanOf(code.placed, next.pos, next.end),
    };
  }
  return null;
};

/** `rc=$?` that is asked for later, or a statement that fails by itself: `[ $? -eq 0 ] || exit 1`. */
const asksForStatus = (next: Statement, place: Place, machine: Machine, names: ReadonlySet<string>): boolean => {
  const { functions } = place.shell;
  const { command } = next;
  if (command.type === 'Command') {
    const kept = [...command.prefix, ...command.args].flatMap((item) =>
      item.type === 'Assignment' && mentions(item.value, names) ? [item.name] : [],
    );
    if (kept.length > 0) return kept.some((name) => isAsked(name, next.end, place, machine));
    // `echo "code=$?" >> "$GITHUB_OUTPUT"`: a later step may ask for it.
    if (command.redirects.some((item) => item.type === 'Redirect' && mentions(item, FILES_OF_STEPS))) return true;
  }
  const judged = judgeAlternative([next], functions);
  if (judged.kind === 'fails' || mayFail([next], functions)) return true;
  return 'names' in judged && judged.names.some((name) => isAsked(name, next.end, place, machine));
};

const leavingOf = ({ command }: Statement): 'exit' | 'return' | null => {
  if (command.type !== 'Command' || command.args.length > 0) return null;
  const name = command.name?.value;
  if (name === 'return') return 'return';
  return name === 'exit' || name === 'logout' ? 'exit' : null;
};

/** `true`, `exit 0` */
const alwaysSucceeds = ({ command }: Statement): boolean => {
  if (command.type !== 'Command') return false;
  const [first, ...more] = command.args;
  switch (command.name?.value) {
    case 'true':
    case ':':
      return first === undefined;
    case 'exit':
      return first?.type === 'Word' && first.value === '0' && more.length === 0;
    default:
      return false;
  }
};
