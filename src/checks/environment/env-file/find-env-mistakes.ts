import type { Library } from '../settings/find-readers.ts';
import { readEnvLines, type EnvLine, type VariableLine } from '../../../config/read-env-lines.ts';

/** A line that is read in another way than it looks, or not at all. Says no values. */
export interface EnvMistake {
  /** Begins with 1. */
  readonly line: number;
  readonly what: string;
}

/** Harmless where it is ignored: the file is sourced by a shell as well, or has headings. */
const SHELL =
  /^\s*(?:set|unset|source|\.|if|then|else|elif|fi|for|do|done|while|case|esac|echo|readonly|local|eval|alias|\[|\{|\}|;|&&|\|\|)(?:\s|$|\[)|^\s*\[.*\]\s*$/;
const CONFLICT = /^(?:<{7} |={7}$|>{7} )/;
const CURLY = /^[“”‘’]/;

/** What is wrong in an env file, by line. Only what no reader, or not the one this project uses, takes as it is meant. */
export const findEnvMistakes = (text: string, libraries: ReadonlySet<Library>): readonly EnvMistake[] => {
  if (text.includes('\0'))
    return [{ line: 1, what: 'the file is in UTF-16 and read as UTF-8: none of its variables is seen' }];
  const conflicts = text
    .split(/\r?\n/)
    .flatMap((line, at) =>
      CONFLICT.test(line) ? [{ line: at + 1, what: 'a merge conflict that was not resolved' }] : [],
    );
  // The two sides of a conflict contradict each other anyhow.
  if (conflicts.length > 0) return conflicts;
  const lines = readEnvLines(text);
  const mark = text.startsWith('\uFEFF') && lines[0]?.kind === 'variable' ? [byteOrderMark(lines[0])] : [];
  return [...mark, ...lines.flatMap((line) => mistakesOf(line, libraries)), ...findRepeated(lines)].toSorted(
    (a, b) => a.line - b.line,
  );
};

const byteOrderMark = ({ line, name }: VariableLine): EnvMistake => ({
  line,
  what: `a byte order mark before ${name}, which becomes part of its name`,
});

const mistakesOf = (line: EnvLine, libraries: ReadonlySet<Library>): readonly EnvMistake[] => {
  if (line.kind === 'variable') return mistakesOfVariable(line, libraries).map((what) => ({ line: line.line, what }));
  if (line.kind !== 'other' || SHELL.test(line.text) || !/\w/.test(line.text)) return [];
  const [, name] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*:\s/.exec(line.text) ?? [];
  return [
    {
      line: line.line,
      what: name === undefined ? 'neither NAME=value nor a comment' : `${name}: with a colon instead of =`,
    },
  ];
};

const mistakesOfVariable = (line: VariableLine, libraries: ReadonlySet<Library>): readonly string[] => {
  const { name, value, quote } = line;
  const found: string[] = [];
  if (line.isUnclosed) found.push(`the quotes of ${name} are not closed`);
  if (quote === null && CURLY.test(value))
    found.push(`typographic quotes around ${name}, which become part of its value`);
  // What these two libraries make of a line is simpler than what others do.
  if (libraries.has('decouple') && line.isExported)
    found.push(`export before ${name}, which decouple takes for a part of the name`);
  if (libraries.has('decouple') && line.hasComment)
    found.push(`a comment behind ${name}, which decouple takes for a part of the value`);
  if (libraries.has('environ') && line.isSpaced)
    found.push(`a space before the = of ${name}, so that django-environ skips the line`);
  return found;
};

/** Some readers take the first, some the last. */
const findRepeated = (lines: readonly EnvLine[]): readonly EnvMistake[] => {
  const first = new Map<string, VariableLine>();
  return lines.flatMap((line) => {
    if (line.kind !== 'variable') return [];
    const before = first.get(line.name);
    if (before === undefined) first.set(line.name, line);
    const isOther = before !== undefined && before.value !== line.value;
    return isOther ? [{ line: line.line, what: `${line.name} has another value than in line ${before.line}` }] : [];
  });
};
