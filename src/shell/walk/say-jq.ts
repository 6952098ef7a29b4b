import { joinPlaced, placeInstead, slicePlaced, type PlacedText } from '../../core/placed-text.ts';
import type { Holes } from '../holes.ts';
import type { ShellWord } from '../shell-run.ts';

/** `jq -n --arg tag "$TAG" '{commands: ["…"]}'`: the object as it is written, with the values of its variables; null: anything else. */
export const sayJq = (args: readonly ShellWord[], holes: Holes): PlacedText | null => {
  const given = new Map<string, PlacedText>();
  let program: PlacedText | null = null;
  let isAlone = false;
  for (let at = 0; at < args.length; at += 1) {
    const { value, placed } = args[at] ?? { value: '', placed: null };
    if (/^--(?:arg|argjson|slurpfile|rawfile)$/.test(value)) {
      const text = args[at + 2]?.placed;
      if (text !== undefined && value === '--arg') given.set(args[at + 1]?.value ?? '', text);
      at += 2;
    } else if (value.startsWith('-')) {
      isAlone ||= value === '--null-input' || /^-[a-zA-Z]*n/.test(value);
    } else program ??= placed;
  }
  if (!isAlone || program === null || !/^\s*\{[^]*\}\s*$/.test(program.text)) return null;
  const parts: PlacedText[] = [];
  let from = 0;
  for (const match of program.text.matchAll(/\\\(\$(\w+)\)|\$(\w+)/g)) {
    const name = match[1] ?? match[2] ?? '';
    const at = slicePlaced(program, match.index, match.index + match[0].length);
    const value = given.get(name) ?? placeInstead(holes.of({ kind: 'unknown', name: `$${name}` }), at);
    parts.push(slicePlaced(program, from, match.index), value);
    from = match.index + match[0].length;
  }
  return joinPlaced([...parts, slicePlaced(program, from)]);
};
