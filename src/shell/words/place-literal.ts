import { joinPlaced, placeInstead, slicePlaced, type PlacedText } from '../../core/placed-text.ts';
import { isHole, PADDING } from '../holes.ts';

/** A part of a text whose value has lost its backslashes, with the place of each character that is left. */
export const placeLiteral = (source: PlacedText, start: number, end: number, value: string): PlacedText => {
  const written = source.text.slice(start, end);
  if (written === value) return slicePlaced(source, start, end);
  const parts: PlacedText[] = [];
  let from = 0;
  let at = 0;
  for (let found = 0; found < value.length; found += 1, at += 1) {
    while (at < written.length && written[at] !== value[found]) {
      if (at > from) parts.push(slicePlaced(source, start + from, start + at));
      at += written[at] === '\\' && written[at + 1] === '\n' && value[found] !== '\n' ? 2 : 1;
      from = at;
    }
    if (at >= written.length) return placeInstead(value, slicePlaced(source, start, end));
  }
  if (at > from) parts.push(slicePlaced(source, start + from, start + at));
  return joinPlaced(parts);
};

/** With other values for some holes, each at the place of its hole. */
export const replaceHoles = (placed: PlacedText, values: ReadonlyMap<string, string>): PlacedText => {
  if (values.size === 0) return placed;
  const parts: PlacedText[] = [];
  let from = 0;
  for (let at = 0; at < placed.text.length; at += 1) {
    const value = values.get(placed.text[at] ?? '');
    if (value === undefined) continue;
    parts.push(slicePlaced(placed, from, at), placeInstead(value, slicePlaced(placed, at, at + 1)));
    from = at + 1;
  }
  return from === 0 ? placed : joinPlaced([...parts, slicePlaced(placed, from)]);
};

/** Without the padding of holes: a hole stands for all that it is written as. */
export const unpad = (placed: PlacedText): PlacedText => {
  const { text } = placed;
  if (!text.includes(PADDING)) return placed;
  const parts: PlacedText[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== PADDING) continue;
    let end = at;
    while (text[end] === PADDING) end += 1;
    const hole = at > from && isHole(text[at - 1] ?? '') ? at - 1 : at;
    parts.push(slicePlaced(placed, from, hole));
    if (hole < at) parts.push(placeInstead(text[hole] ?? '', slicePlaced(placed, hole, end)));
    from = end;
    at = end - 1;
  }
  parts.push(slicePlaced(placed, from));
  return joinPlaced(parts);
};
