import type { Statement } from 'unbash';

import type { Span } from '../../core/placed-text.ts';
import type { Fate } from '../shell-run.ts';
import { canSearch } from '../machine/effort.ts';
import type { Machine, Place } from '../machine/machine.ts';
import { judgeAlternative } from './judge-alternative.ts';

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
  const { loop, code, shell } = place;
  if (loop === null) return null;
  const judged = judgeAlternative(onSuccess, shell.functions);
  const ends = judged.kind === 'succeeds' && /^(?:exit|return)\b/.test(judged.word);
  const breaks = judged.kind === 'leaves' && judged.word === 'break';
  if (!ends && !breaks) return null;
  if (loop.isEndless) return RETRIED;
  const { text } = code.placed;
  if (!canSearch(machine, text.length, place) || FAILING.test(text.slice(loop.start, loop.end))) return RETRIED;
  const rest = loop.after?.statements.slice(loop.after.from) ?? [];
  if (ends) {
    const after = judgeAlternative(rest, shell.functions);
    // A function that ends with its loop hands on the status of the last command, which is a pause.
    if (after.kind !== 'succeeds' || (rest.length === 0 && place.returnFate !== null)) return RETRIED;
    return { kind: 'swallowed', how: 'a loop that ends', span };
  }
  const last = rest.at(-1);
  const following = last === undefined ? '' : text.slice(rest[0]?.pos ?? 0, last.end);
  const isLastInBody = place.after === null || place.after.from >= place.after.statements.length;
  if ((isLastInBody && !isCovered) || FAILING.test(following) || loop.after?.outer !== null) return RETRIED;
  return { kind: 'swallowed', how: 'a loop that ends', span };
};

/** Something that may end with a failure. */
const FAILING = /\b(?:exit|return)\s+(?:[1-9]|["']?\$)|\bfalse\b|\bdie\b|\bfail\w*\b|\berror_exit\b/;
