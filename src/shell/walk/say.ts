import { joinPlaced, placeInstead, slicePlaced, type PlacedText } from '../../core/placed-text.ts';
import { hasHole } from '../holes.ts';
import type { Machine, Place, Started } from '../machine/machine.ts';
import { joinWords } from '../programs/join-words.ts';
import { baseName } from '../programs/take-off.ts';
import type { ShellWord } from '../shell-run.ts';
import { changeText } from '../words/change-text.ts';
import { joinBounded } from '../words/join-bounded.ts';
import { lookUp } from '../words/look-up.ts';
import { filterText } from './filter-text.ts';
import { isOfScript } from './paths.ts';
import { readCheckout } from './read-checkout.ts';
import { write } from './redirects.ts';
import { sayGit } from './say-git.ts';
import { sayJq } from './say-jq.ts';

const END: PlacedText = { text: '\n', segments: [] };

/** Elsewhere the folder is known only where a script of the checkout has gone to its own: `$(cd "$(dirname "$0")" && pwd)`. */
const sayFolder = ({ shell }: Place): PlacedText | null => {
  const { directory, elsewhere } = shell;
  if (directory !== null) return plain(`${directory || '.'}\n`);
  return isOfScript(elsewhere, shell.file) ? plain(`${elsewhere}\n`) : null;
};

/** What a program writes to its standard output; null: not known. */
export const say = (command: Started, place: Place, machine: Machine): PlacedText | null => {
  const { words } = command;
  const args = words.slice(1);
  const name = baseName(words[0]?.value ?? '');
  const { input } = place;
  switch (name) {
    case 'echo':
      return note(echo(args), place);
    case 'printf':
      return note(printf(args), place);
    case 'cat':
      return cat(args, place, machine);
    case 'tee': {
      const appends = args.some(({ value }) => value === '-a' || value === '--append');
      for (const { value } of args) if (!value.startsWith('-')) write(input, { path: value, appends }, place, machine);
      return input;
    }
    case 'pwd':
      return sayFolder(place);
    case 'git': {
      const hole = sayGit(
        args.map(({ value }) => value),
        place,
        machine.holes,
      );
      return hole === null ? null : plain(`${hole}\n`);
    }
    case 'jq': {
      const said = input === null ? sayJq(args, machine.holes) : null;
      return said === null ? null : joinPlaced([said, END]);
    }
    case 'base64':
      return base64(args, place, machine);
    case 'date':
    case 'uuidgen':
    case 'mktemp':
      return plain(`${machine.holes.of({ kind: 'run', name: `$(${words.map(({ value }) => value).join(' ')})` })}\n`);
    case 'basename':
    case 'dirname': {
      const word = args.find(({ value }) => !value.startsWith('-'));
      if (word === undefined) return null;
      const suffix = name === 'basename' ? (args[1]?.value ?? '') : '';
      const changed = changeText(word.value, `$(${name} …)`, machine.holes, (text) => {
        const at = text.lastIndexOf('/');
        // What is not known may have a `/` in it.
        if (hasHole(text.slice(at + 1))) return null;
        if (name === 'dirname') return at < 0 ? '.' : text.slice(0, at) || '/';
        const base = text.slice(at + 1);
        return suffix !== '' && base.endsWith(suffix) ? base.slice(0, -suffix.length) : base;
      });
      return joinPlaced([placeInstead(changed, word.placed), END]);
    }
    default: {
      const read = input ?? readArgument(name, args, place, machine);
      if (read === null) return null;
      if (name === 'envsubst')
        return envsubst(read, args.find(({ value }) => value.includes('$'))?.value, place, machine);
      const changed = filterText(
        name,
        args.map(({ value }) => value),
        read.text,
        machine.holes,
      );
      return changed === null ? null : placeLines(changed, read);
    }
  }
};

/** What a filter leaves as it was keeps its place: the lines that it has not changed. */
const placeLines = (changed: string, read: PlacedText): PlacedText => {
  const [lines, before] = [changed.split('\n'), read.text.split('\n')];
  if (lines.length < 2 || lines.length !== before.length) return placeInstead(changed, read);
  let from = 0;
  const parts = lines.map((line, index) => {
    const old = before[index] ?? '';
    const at = slicePlaced(read, from, from + old.length + 1);
    from += old.length + 1;
    if (line === old) return at;
    return placeInstead(index < lines.length - 1 ? `${line}\n` : line, at);
  });
  return joinPlaced(parts);
};

/** Text that is encoded, and what of it is decoded again: on a server, mostly. */
const base64 = (args: readonly ShellWord[], place: Place, machine: Machine): PlacedText | null => {
  const file = args.find(({ value }, index) => !value.startsWith('-') && args[index - 1]?.value !== '-w');
  const read = file === undefined || file.value === '-' ? place.input : readCheckout(file.value, place, machine)?.text;
  if (read === null || read === undefined) return null;
  if (args.some(({ value }) => /^(?:-d|-D|--decode)$/.test(value)))
    return machine.encoded.get(read.text.trim()) ?? null;
  const hole = machine.holes.of({ kind: 'unknown', name: `$(base64 ${file?.value ?? machine.encoded.size})` });
  machine.encoded.set(hole, read);
  return plain(hole);
};

const FILTERS = new Set(['sed', 'awk', 'cut', 'head', 'tail', 'sort', 'uniq']);

/** `sed s/a/b/ file` */
const readArgument = (name: string, args: readonly ShellWord[], place: Place, machine: Machine): PlacedText | null => {
  const file = args.at(-1);
  if (!FILTERS.has(name) || file === undefined || args.length < 2 || args.some(({ value }) => value === '-i'))
    return null;
  return readCheckout(file.value, place, machine)?.text ?? null;
};

const plain = (text: string): PlacedText => ({ text, segments: [] });

const echo = (args: readonly ShellWord[]): PlacedText => {
  let from = 0;
  while (/^-[neE]+$/.test(args[from]?.value ?? '')) from += 1;
  const options = args
    .slice(0, from)
    .map(({ value }) => value)
    .join('');
  const text = joinWords(args.slice(from));
  const body =
    options.includes('e') && text.text.includes('\\n') ? placeInstead(text.text.replaceAll('\\n', '\n'), text) : text;
  return options.includes('n') ? body : joinPlaced([body, END]);
};

/** `printf '%s\n' a b`; null: formats other than these. */
const printf = (args: readonly ShellWord[]): PlacedText | null => {
  const [format, ...values] = args;
  if (format === undefined) return null;
  const parts: PlacedText[] = [];
  const pieces = format.value.split(/(%[sdbq]|%%|\\n|\\t)/);
  if (pieces.some((piece, index) => index % 2 === 0 && piece.includes('%'))) return null;
  let next = 0;
  do {
    for (const piece of pieces) {
      if (/^%[sdbq]$/.test(piece)) {
        const value = values[next];
        next += 1;
        if (value !== undefined) parts.push(value.placed);
      } else if (piece !== '') {
        const text = piece === '\\n' ? '\n' : piece === '\\t' ? '\t' : piece === '%%' ? '%' : piece;
        parts.push(placeInstead(text, format.placed));
      }
    }
  } while (next > 0 && next < values.length && pieces.some((piece) => /^%[sdbq]$/.test(piece)));
  return bounded(parts);
};

const cat = (args: readonly ShellWord[], place: Place, machine: Machine): PlacedText | null => {
  const files = args.filter(({ value }) => !/^-./.test(value));
  if (files.length === 0) return place.input;
  const parts: PlacedText[] = [];
  for (const file of files) {
    if (file.value === '-') {
      if (place.input === null) return null;
      parts.push(place.input);
      continue;
    }
    const found = readCheckout(file.value, place, machine);
    if (found === null) return null;
    parts.push(found.text);
  }
  return bounded(parts);
};

/** What is longer than anything people mean is not known. */
const bounded = (parts: readonly PlacedText[]): PlacedText | null => {
  const { placed, isComplete } = joinBounded(parts);
  return isComplete ? placed : null;
};

/** `::set-output name=x::value` counts where the runner reads it. */
const note = (said: PlacedText | null, place: Place): PlacedText | null => {
  if (said === null || place.output !== 'shown') return said;
  const found = /^::set-output name=([\w.-]+)::([^\n]*)/.exec(said.text);
  if (found !== null) place.shell.outputs.set(found[1] ?? '', { value: found[2] ?? '', span: null });
  return said;
};

/** A text with the values of the variables that are written in it; of some only, where `envsubst '$A $B'` names them. */
const envsubst = (text: PlacedText, names: string | undefined, place: Place, machine: Machine): PlacedText => {
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
