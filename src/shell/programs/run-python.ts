import { joinPlaced, placeInstead, slicePlaced, spanOf, type PlacedText, type Span } from '../../core/placed-text.ts';
import type { Fate, ShellWord } from '../shell-run.ts';
import { spend } from '../machine/effort.ts';
import { UNKNOWN_SAID, type Machine, type Outcome, type Place } from '../machine/machine.ts';

/** Each looks at what follows it. */
const COST = 40;
const STRING = /(?:"""([^]*?)"""|'''([^]*?)'''|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)')/.source;

/** Python code as far as it starts Django's commands and other programs. */
export const runPython = (text: PlacedText, place: Place, machine: Machine): Outcome => {
  const code = withoutComments(text.text);
  const calls =
    /\b(call_command|execute_from_command_line|(?:subprocess\.)?(?:run|call|check_call|check_output|Popen)|os\.system|os\.popen)\s*\(/g;
  for (const found of code.matchAll(calls)) {
    const [whole, name = ''] = found;
    const span = (): Span => spanOf(text, found.index, found.index + whole.length);
    if (!spend(machine, COST, span)) break;
    const open = found.index + whole.length;
    const end = closingParenthesis(code, open);
    const at = { name, start: found.index, open, end };
    const where = { ...place, fate: fateOfProgram(text, code, at, place) };
    if (name === 'call_command') runCallCommand(text, at, place, machine);
    else runProgram(text, at, where, machine);
  }
  return UNKNOWN_SAID;
};

interface Found {
  readonly name: string;
  readonly start: number;
  readonly open: number;
  readonly end: number;
}

/** `call_command('migrate', '--noinput', interactive=False)` is `manage.py migrate --noinput`. */
const runCallCommand = (text: PlacedText, { start, open, end }: Found, place: Place, machine: Machine): void => {
  const whole = slicePlaced(text, start, Math.min(end + 1, text.text.length));
  const strings = stringsIn(text, open, end);
  const [first] = strings;
  if (first === undefined || first.at !== open + (/^\s*/.exec(text.text.slice(open))?.[0].length ?? 0)) return;
  const span = spanOf(whole);
  const wordOf = (placed: PlacedText): ShellWord => ({ value: placed.text, placed, span: spanOf(placed), origins: [] });
  const words = [wordOf(placeInstead('manage.py', slicePlaced(text, start, open - 1)))];
  for (const { placed, keyword } of strings) {
    if (keyword === null) words.push(...splitBlanks(placed).map(wordOf));
    else words.push(wordOf(joinPlaced([placeInstead(`--${keyword.replaceAll('_', '-')}=`, placed), placed])));
  }
  const rest = text.text.slice(open, end);
  for (const [flag] of rest.matchAll(/\b\w+\s*=\s*(?:True|False)\b/g)) {
    const [name = '', value = ''] = flag.split(/\s*=\s*/);
    const at = text.text.indexOf(flag, open);
    const option =
      name === 'interactive'
        ? value === 'False'
          ? '--noinput'
          : null
        : value === 'True'
          ? `--${name.replaceAll('_', '-')}`
          : null;
    if (option !== null) words.push(wordOf(placeInstead(option, slicePlaced(text, at, at + flag.length))));
  }
  machine.runWords({ words, prefix: new Map(), span }, place);
};

/** `os.system("…")` and `subprocess.run([…])` as a statement of their own, without `check`: nothing asks for the status. */
const fateOfProgram = (text: PlacedText, code: string, { start, open, end }: Found, { fate }: Place): Fate => {
  const line = code.slice(code.lastIndexOf('\n', start) + 1, open);
  const [, called] = /^(?:[^\n"'#]*;)?\s*((?:subprocess|sp)\.(?:run|call)|os\.system)\s*\($/.exec(line) ?? [];
  // A status that is asked for, assigned or handed on is more than a statement.
  if (called === undefined || !/^[ \t]*(?:;|\r?\n|$)/.test(code.slice(end + 1))) return fate;
  if (/\bcheck\s*=|\*\*/.test(code.slice(open, end))) return fate;
  return { kind: 'swallowed', how: `${called} without a check of its status`, span: spanOf(text, start, end + 1) };
};

const splitBlanks = (placed: PlacedText): readonly PlacedText[] => (/^-.*\s/.test(placed.text) ? [placed] : [placed]);

/** `subprocess.run(['python', 'manage.py', 'migrate'])`, `os.system("…")` */
const runProgram = (text: PlacedText, { name, open, end }: Found, place: Place, machine: Machine): void => {
  const body = text.text.slice(open, end);
  const strings = stringsIn(text, open, end).filter(({ keyword }) => keyword === null);
  const [first] = strings;
  if (first === undefined) return;
  const isList = /^\s*[[(]/.test(body);
  if (isList) {
    const close = text.text.indexOf(']', open);
    const words = strings
      .filter(({ at }) => close < 0 || at < close)
      .map(({ placed }): ShellWord => ({ value: placed.text, placed, span: spanOf(placed), origins: [] }));
    machine.runWords({ words, prefix: new Map(), span: spanOf(text, open, end) }, place);
    return;
  }
  if (name === 'execute_from_command_line' || !/^\s*f?r?["']/.test(body)) return;
  // A shell of its own, without `set -e`.
  const shell = { ...place.shell, errexit: false, exitsWell: null };
  machine.runText(first.placed, { ...place, shell, shellFate: place.fate, after: null, depth: place.depth + 1 });
};

interface Text {
  readonly placed: PlacedText;
  readonly at: number;
  readonly keyword: string | null;
}

const stringsIn = (text: PlacedText, from: number, end: number): readonly Text[] => {
  const body = text.text.slice(from, end);
  const found: Text[] = [];
  for (const match of body.matchAll(new RegExp(`(?:\\b(\\w+)\\s*=\\s*)?[frbu]?${STRING}`, 'g'))) {
    const value = match[2] ?? match[3] ?? match[4] ?? match[5] ?? '';
    const quotes = match[2] !== undefined || match[3] !== undefined ? 3 : 1;
    const stop = from + match.index + match[0].length - quotes;
    found.push({
      placed: slicePlaced(text, stop - value.length, stop),
      at: from + match.index,
      keyword: match[1] ?? null,
    });
  }
  return found;
};

/** Comments are blanked; a `#` in a string is left. */
const withoutComments = (code: string): string =>
  code.replaceAll(new RegExp(`${STRING}|#[^\\n]*`, 'g'), (piece) =>
    piece.startsWith('#') ? ' '.repeat(piece.length) : piece,
  );

const closingParenthesis = (code: string, from: number): number => {
  let depth = 1;
  for (let at = from; at < code.length && at < from + 4000; at += 1) {
    if (code[at] === '(') depth += 1;
    if (code[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return Math.min(code.length, from + 4000);
};
