import type { PlacedText, SourceFile } from '../../core/placed-text.ts';
import { withoutPrivateUse } from '../../core/private-use.ts';
import { createPlacedBuilder, type PlacedBuilder } from './placed-builder.ts';

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';

/** Plain and quoted scalars: YAML 1.2, chapter 7.3. `start` and `end` are the node's range, quotes included. */
export const placeFlowScalar = (source: SourceFile, start: number, end: number): PlacedText => {
  const builder = createPlacedBuilder(source);
  const quote = source.text[start];
  const isClosed = end - start > 1 && source.text[end - 1] === quote;
  if (quote === '"') addDoubleQuoted(builder, source.text, start + 1, isClosed ? end - 1 : end);
  else if (quote === "'") addLines(builder, source.text, start + 1, isClosed ? end - 1 : end, true);
  else addLines(builder, source.text, start, end, false);
  return builder.build();
};

const addLines = (builder: PlacedBuilder, text: string, start: number, end: number, isQuoted: boolean): void => {
  for (let at = start; at < end;) {
    const newline = text.indexOf('\n', at);
    if (newline < 0 || newline >= end) {
      addPart(builder, text, at, end, isQuoted);
      return;
    }
    addPart(builder, text, at, trimEnd(text, at, newline), isQuoted);
    at = addFold(builder, text, newline, end);
  }
};

/** Without the blanks, and the CR, before a line's end. */
const trimEnd = (text: string, start: number, newline: number): number => {
  let end = newline > start && text[newline - 1] === '\r' ? newline - 1 : newline;
  while (end > start && isBlank(text[end - 1])) end--;
  return end;
};

/** In single quotes, two of them are one. */
const addPart = (builder: PlacedBuilder, text: string, start: number, end: number, isQuoted: boolean): void => {
  let from = start;
  // In the part alone: a search to the end of the file, for each scalar, is quadratic.
  const part = isQuoted ? text.slice(start, end) : '';
  for (let found = part.indexOf("''"); found >= 0; found = part.indexOf("''", found + 2)) {
    const at = start + found;
    builder.add(from, at);
    builder.addInstead("'", at, at + 2);
    from = at + 2;
  }
  builder.add(from, end);
};

/** One line's end is a blank, each empty line after it a line's end; then where the next line's text begins. */
const addFold = (builder: PlacedBuilder, text: string, newline: number, end: number): number => {
  let hasEmptyLine = false;
  let at = newline + 1;
  for (let next = at; next < end; next++) {
    const character = text[next];
    if (character === '\n') {
      builder.addBreak('\n', next);
      hasEmptyLine = true;
    } else if (!isBlank(character) && !(character === '\r' && text[next + 1] === '\n')) break;
    at = next + 1;
  }
  if (!hasEmptyLine) builder.addInstead(' ', newline, newline + 1);
  return at;
};

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\u0007',
  b: '\b',
  e: '\u001B',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00A0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\t': '\t',
};

const CODE_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

const addDoubleQuoted = (builder: PlacedBuilder, text: string, start: number, end: number): void => {
  let from = start;
  for (let at = start; at < end;) {
    const character = text[at];
    if (character === '\\') {
      builder.add(from, at);
      at = addEscape(builder, text, at, end);
      from = at;
    } else if (character === '\n') {
      builder.add(from, trimEnd(text, from, at));
      at = addFold(builder, text, at, end);
      from = at;
    } else at++;
  }
  builder.add(from, end);
};

/** Then the offset after it. What is no escape stays as it is written. */
const addEscape = (builder: PlacedBuilder, text: string, at: number, end: number): number => {
  const key = text[at + 1] ?? '';
  const newline = key === '\n' ? at + 1 : key === '\r' && text[at + 2] === '\n' ? at + 2 : -1;
  if (newline >= 0) {
    let next = newline + 1;
    while (next < end && isBlank(text[next])) next++;
    return next;
  }
  const size = CODE_LENGTHS[key];
  const escaped = Object.hasOwn(ESCAPES, key) ? ESCAPES[key] : undefined;
  const after = Math.min(end, at + 2 + (size ?? 0));
  const value = escaped ?? (size === undefined ? undefined : characterOf(text.slice(at + 2, after), size));
  if (value === undefined) builder.add(at, after);
  else builder.addInstead(value, at, after);
  return after;
};

const characterOf = (digits: string, size: number): string | undefined => {
  if (digits.length !== size || !/^[\da-f]+$/i.test(digits)) return undefined;
  const code = Number.parseInt(digits, 16);
  return code <= 0x10_ff_ff ? withoutPrivateUse(String.fromCodePoint(code)) : undefined;
};
