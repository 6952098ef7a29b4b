import { joinPlaced, placeInstead, slicePlaced, type PlacedText } from '../../core/placed-text.ts';
import type { Machine, Place } from '../machine/machine.ts';
import { lookUp } from '../words/look-up.ts';

/** A text with the values of the variables that are written in it; of some only, where `envsubst '$A $B'` names them. */
export const envsubst = (text: PlacedText, names: string | undefined, place: Place, machine: Machine): PlacedText => {
  const parts: PlacedText[] = [];
  let from = 0;
  for (const { 0: found, 1: braced, 2: bare, index } of text.text.matchAll(
    /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g,
  )) {
    const name = braced ?? bare ?? '';
    if (names !== undefined && !new RegExp(`\\$\\{?${name}\\b`).test(names)) continue;
    parts.push(slicePlaced(text, from, index));
    const { value } = lookUp(name, place, machine, null);
    parts.push(placeInstead(value, slicePlaced(text, index, index + found.length)));
    from = index + found.length;
  }
  parts.push(slicePlaced(text, from));
  return joinPlaced(parts);
};
