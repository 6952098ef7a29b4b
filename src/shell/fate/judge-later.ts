import type { Statement } from 'unbash';

import { spanOf } from '../../core/placed-text.ts';
import type { Fate } from '../shell-run.ts';
import type { Machine, Place } from '../machine/machine.ts';
import { canSearch } from '../machine/effort.ts';
import { judgeAlternative } from './judge-alternative.ts';

/**
 * What later statements make of the failure of one that `set -e` does not end: `$?` that is kept or asked for. null: they do not ask.
 */
export const judgeLater = (_statement: Statement, place: Place, machine: Machine): Fate | null => {
  const { after, code } = place;
  const next = after?.statements[after.from];
  if (after === null || next === undefined) return null;
  const { text } = code.placed;
  const written = text.slice(next.pos, next.end);
  if (/\$\?|\$\{\?\}|\bPIPESTATUS\b/.test(written)) {
    const kept = /^(?:(?:local|export|declare|readonly)\s+)?(\w+)=["']?(?:\$\?|\$\{\?\}|\$\{PIPESTATUS)/.exec(
      written,
    )?.[1];
    if (kept !== undefined) return isAsked(kept, next.end, place, machine) ? place.shellFate : null;
    const judged = judgeAlternative([next], place.shell.functions);
    return judged.kind === 'fails' || /^(?:exit|return)\b/.test(written) ? place.shellFate : null;
  }
  const ended = after.statements.length - after.from === 1 && place.isHeeded && !place.shell.errexit;
  if (ended && /^(?:true|:|exit 0)$/.test(written) && place.after?.outer === null) {
    return {
      kind: 'swallowed',
      how: `; ${written}`,
      span: spanOf(code.placed, next.pos, next.end),
    };
  }
  return null;
};

/** Something that ends with a failure depends on a variable: `exit $rc`, `if [ $rc -ne 0 ]; then … exit 1`. */
export const isAsked = (name: string, from: number, place: Place, machine: Machine): boolean => {
  const rest = place.code.placed.text.slice(from);
  if (!canSearch(machine, rest.length, place)) return false;
  const used = new RegExp(`\\$\\{?${name}\\b|\\(\\([^)]*\\b${name}\\b`).exec(rest);
  if (used === null) return false;
  if (new RegExp(`\\b(?:exit|return)\\s+["']?\\$\\{?${name}\\b`).test(rest)) return true;
  return /\b(?:exit|return)\s+(?:[1-9]|"?\$)|\bfalse\b|\bexit\s*(?:$|[;\n}])/.test(rest.slice(used.index));
};
