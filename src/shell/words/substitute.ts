import type { CommandExpansionPart, ProcessSubstitutionPart } from 'unbash';

import { slicePlaced, spanOf } from '../../core/placed-text.ts';
import { hasHole, showHoles } from '../holes.ts';
import type { Origin } from '../shell-run.ts';
import { copyShell } from '../machine/join-shells.ts';
import { isDeep } from '../machine/effort.ts';
import type { Code, Machine, Place } from '../machine/machine.ts';
import { placeLiteral } from './place-literal.ts';

/** `$(…)`, backquotes and `<(…)`: walks what is in it, and says what it writes. */
export const substitute = (
  part: CommandExpansionPart | ProcessSubstitutionPart,
  place: Place,
  machine: Machine,
): { readonly value: string; readonly origins: readonly Origin[] } => {
  const { holes } = machine;
  const { script } = part;
  const { placed } = place.code;
  const span = spanOf(placed, part.pos, part.end);
  const unknown = {
    value: holes.of({ kind: 'unknown', name: showHoles(part.text, holes) }),
    origins: [{ name: showHoles(part.text, holes), span }],
  };
  if (script === undefined || isDeep(place, machine, () => span)) return unknown;
  // A script in backquotes with escapes has a text, and positions, of its own.
  const code: Code =
    script.source === undefined
      ? place.code
      : { placed: placeLiteral(placed, part.pos + 1, part.end - 1, script.source) };
  const { said } = machine.walkStatements(script.commands, {
    ...place,
    code: code.placed.text === (script.source ?? placed.text) ? code : { placed: slicePlaced(placed, 0) },
    shell: { ...copyShell(place.shell), errexit: false, errexitOff: null },
    layers: [...place.layers, { kind: 'substitution', name: null, span }],
    shellFate: place.fate,
    negatedFate: null,
    returnFate: null,
    loop: null,
    output: part.type === 'CommandExpansion' ? 'captured' : 'pipe',
    outputTo: null,
    input: null,
    after: null,
    isHeeded: true,
    depth: place.depth + 1,
  });
  if (said === null) return unknown;
  const value = said.text.replace(/\n+$/, '');
  return { value, origins: hasHole(value) ? [{ name: showHoles(part.text, holes), span }] : [] };
};
