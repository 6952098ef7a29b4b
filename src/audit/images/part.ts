import { spanOf, type PlacedText, type Span } from '../../core/placed-text.ts';
import { withoutPadding } from '../../shell/holes.ts';
import type { Origin, ShellWord } from '../../shell/shell-run.ts';
import type { Evaluated } from '../pipeline.ts';

/** A value, or a piece of one, that knows where it is written. */
export interface Part {
  readonly value: string;
  readonly placed: PlacedText;
  /** The range of `placed` it is written at. */
  readonly start: number;
  readonly end: number;
  readonly origins: readonly Origin[];
  /** Quoted: blanks in it are part of it. */
  readonly isQuoted: boolean;
}

export const partOfWord = ({ value, placed, origins }: ShellWord): Part => {
  const isQuoted = /^["']/.test(placed.text);
  const isClosed = isQuoted && placed.text.length > 1 && placed.text.endsWith(placed.text[0] ?? '');
  const inner = isClosed && !placed.text.slice(1, -1).includes(placed.text[0] ?? '');
  return { value, placed, origins, isQuoted, start: inner ? 1 : 0, end: placed.text.length - (inner ? 1 : 0) };
};

export const partOfEvaluated = ({ value, placed, origins }: Evaluated): Part => ({
  value,
  placed,
  origins,
  isQuoted: true,
  start: 0,
  end: placed.text.length,
});

const SKIPPED = new Set(['"', "'", '\\']);

/** Where in the text a prefix of the value ends, as long as it is written as it is; null: it is not. */
const skipWritten = (text: string, from: number, prefix: string): number | null => {
  let at = from;
  for (const character of prefix) {
    while (text[at] !== character && SKIPPED.has(text[at] ?? '')) at += 1;
    if (text[at] !== character) return null;
    at += 1;
  }
  return at;
};

/** A piece of the value from `start` to `end`; its place is exact where what is before and after it is literal. */
export const slicePart = (part: Part, start: number, end = part.value.length): Part => {
  const { placed, value } = part;
  const wanted = value.slice(start, end);
  const moved = { ...part, value: wanted };
  const isEqual = withoutPadding(placed.text) === placed.text && placed.text.slice(part.start, part.end) === value;
  if (isEqual) return { ...moved, start: part.start + start, end: part.start + end };
  const literal = wanted === '' ? -1 : placed.text.slice(part.start, part.end).indexOf(wanted);
  let from = skipWritten(placed.text, part.start, value.slice(0, start));
  if (from === null && literal >= 0)
    return { ...moved, start: part.start + literal, end: part.start + literal + wanted.length };
  if (from === null) return moved;
  while (from < part.end && SKIPPED.has(placed.text[from] ?? '')) from += 1;
  const rest = placed.text.slice(from, part.end);
  if (rest.startsWith(wanted)) return { ...moved, start: from, end: from + wanted.length };
  const after = value.slice(end);
  const isLast = after === '' || rest.endsWith(after);
  return {
    ...moved,
    start: from,
    end: isLast ? part.end - after.length - (/["']$/.test(rest) && after === '' ? 1 : 0) : part.end,
  };
};

/** Pieces between separators, without blanks around them; empty ones are left out. */
export const splitPart = (part: Part, separator: RegExp): readonly Part[] => {
  const lines = part.placed.text.slice(part.start, part.end).split(separator);
  const values = part.value.split(separator);
  const isAligned = lines.length === values.length;
  let at = part.start;
  let valueAt = 0;
  return values.flatMap((value, index) => {
    const written = lines[index] ?? '';
    const start = isAligned ? part.placed.text.indexOf(written, at) : part.start;
    const end = isAligned ? start + written.length : part.end;
    if (isAligned) at = end;
    const from = part.value.indexOf(value, valueAt);
    valueAt = from + value.length;
    const blank = /^\s*/.exec(written)?.[0].length ?? 0;
    if (value.trim() === '') return [];
    if (!isAligned) return [{ ...slicePart(part, from, valueAt), value: value.trim() }];
    return [{ ...part, value: value.trim(), start: start + blank, end: start + written.trimEnd().length }];
  });
};

export const spanOfPart = ({ placed, start, end }: Part): Span => spanOf(placed, start, Math.max(start, end));

/** Words of one command as parts; an unquoted variable with blanks in its value is several words. */
export const partsOf = (words: readonly ShellWord[]): readonly Part[] =>
  words.flatMap((word) => {
    const part = partOfWord(word);
    if (part.isQuoted || !/\s/.test(part.value) || /["']/.test(word.placed.text)) return [part];
    return part.value.split(/\s+/).flatMap((value) => (value === '' ? [] : [{ ...part, value }]));
  });
