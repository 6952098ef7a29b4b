import { joinPlaced, placeInstead, slicePlaced, spanOf, type PlacedText } from '../../core/placed-text.ts';
import type { Fate, Origin, ShellWord } from '../shell-run.ts';
import type { Machine, Place } from '../machine/machine.ts';
import { spend } from '../machine/effort.ts';
import { lookUp } from '../words/look-up.ts';
import { unpad } from '../words/place-literal.ts';

const UNHEEDED: Fate = { kind: 'unheeded', by: 'unknown', next: null, depth: 0 };

/** PowerShell as far as it reads like any shell: commands by lines, words by blanks and quotes. Its conditions are not followed. */
export const runPowershell = (script: PlacedText, place: Place, machine: Machine): void => {
  for (const [start, end] of commandsIn(script.text)) {
    if (!spend(machine, 1, () => spanOf(script, start, end))) return;
    const line = script.text.slice(start, end);
    const assigned = /^\s*\$(env:)?([A-Za-z_]\w*)\s*=\s*/.exec(line);
    if (assigned !== null) {
      const value = wordsIn(slicePlaced(script, start + assigned[0].length, end), place, machine);
      const [only] = value;
      if (only !== undefined && value.length === 1) {
        const { span, origins } = only;
        place.shell.variables.set(assigned[2] ?? '', { list: null, value: only.value, span, origins });
      } else place.shell.variables.delete(assigned[2] ?? '');
      continue;
    }
    const words = wordsIn(slicePlaced(script, start, end), place, machine);
    const [first] = words;
    if (first === undefined || !/^[\w./\\:~&-]+$/.test(first.value) || KEYWORDS.test(first.value)) continue;
    const command = { words, prefix: new Map(), span: spanOf(script, start, end) };
    machine.runWords(command, { ...place, fate: place.shell.errexit ? place.fate : UNHEEDED });
  }
};

const KEYWORDS =
  /^(?:if|else|elseif|for|foreach|while|do|try|catch|finally|function|param|return|switch|throw|break|continue)$/i;

/** Ranges of commands: they end at a line, `;`, `|`, `&&`, `||`, braces; not in quotes, here-strings and behind a backtick. */
const commandsIn = (text: string): readonly (readonly [number, number])[] => {
  const found: (readonly [number, number])[] = [];
  const pattern = /@"[^]*?\n"@|@'[^]*?\n'@|"(?:[^"`]|`[^]|"")*"|'[^']*'|\$\{[^}\n]*\}|`\r?\n|#.*|[\n;{}]|\|\|?|&&/g;
  let from = 0;
  const add = (end: number): void => {
    const line = text.slice(from, end);
    const start = from + (line.length - line.trimStart().length);
    if (line.trim() !== '') found.push([start, from + line.trimEnd().length]);
  };
  for (const { 0: piece, index } of text.matchAll(pattern)) {
    if (/^(?:@?["']|`|\$)/.test(piece)) continue;
    if (piece.startsWith('#') && /\S/.test(text[index - 1] ?? ' ')) continue;
    add(index);
    from = index + piece.length;
  }
  add(text.length);
  return found;
};

const wordsIn = (line: PlacedText, place: Place, machine: Machine): readonly ShellWord[] => {
  const words: ShellWord[] = [];
  const pattern = /(?:"(?:[^"`]|`[^]|"")*"|'[^']*'|`\r?\n|[^\s"'])+/g;
  for (const { 0: written, index } of line.text.matchAll(pattern)) {
    if (written === '`\n' || written === '&' || written === '.') continue;
    const at = slicePlaced(line, index, index + written.length);
    words.push(wordOf(at, place, machine));
  }
  return words;
};

const wordOf = (at: PlacedText, place: Place, machine: Machine): ShellWord => {
  const parts: PlacedText[] = [];
  const origins: Origin[] = [];
  for (const { 0: piece, index } of at.text.matchAll(
    /'[^']*'|"|`["$`]|\$(?:env:)?\w+|\$\{(?:env:)?\w+\}|[^'"`$]+|[^]/g,
  )) {
    const written = slicePlaced(at, index, index + piece.length);
    const name = /^\$\{?(?:env:)?([A-Za-z_]\w*)\}?$/.exec(piece)?.[1];
    if (piece === '"') continue;
    if (piece.startsWith("'")) parts.push(slicePlaced(written, 1, piece.length - 1));
    else if (/^`./.test(piece)) parts.push(slicePlaced(written, 1));
    else if (name === undefined) parts.push(written);
    else {
      const found = lookUp(name, place, machine, null);
      parts.push(placeInstead(found.value, written));
      origins.push(...found.origins);
    }
  }
  const placed = unpad(joinPlaced(parts));
  return { value: placed.text, placed, span: spanOf(at), origins };
};
