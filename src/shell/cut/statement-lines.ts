import type { Statement } from 'unbash';

import { rangeOf } from '../../core/placed-text.ts';
import { cutOut, type CutPlace, type FileRange } from './cutting.ts';
import { hereDocumentsIn } from './here-documents.ts';

/** Removes the statements of a list that are marked; those that stay keep their lines. */
export const removeStatements = (statements: readonly Statement[], place: CutPlace): void => {
  const { gone } = place.cutting;
  for (let first = 0; first < statements.length; first += 1) {
    if (!gone.has(statements[first] ?? place)) continue;
    let last = first;
    while (gone.has(statements[last + 1] ?? place)) last += 1;
    removeRun(statements, first, last, place);
    first = last;
  }
};

const removeRun = (statements: readonly Statement[], first: number, last: number, place: CutPlace): void => {
  const [from, to] = [statements[first], statements[last]];
  if (from === undefined || to === undefined) return;
  const end = Math.max(to.end, ...hereDocumentsIn(to.command).map(({ body, closing }) => closing?.end ?? body.end));
  const range = rangeOf(place.placed, from.pos, end);
  const lines = range === null ? null : wholeLines(range);
  if (lines !== null) {
    place.cutting.edits.push(lines);
    return;
  }
  const [before, next] = [statements[first - 1], statements[last + 1]];
  if (next !== undefined) cutOut(place, { pos: from.pos, end: next.pos });
  else if (before !== undefined) cutOut(place, { pos: before.end, end });
  else cutOut(place, { pos: from.pos, end });
};

const ABOUT_MIGRATIONS = /^[ \t]*#.*migra[tcçz]/i;

/** The lines of a part of a file, if nothing else stands on them: with the comment above that is about migrations. */
export const wholeLines = ({ source, start, end }: FileRange): FileRange | null => {
  const { text } = source;
  let from = text.lastIndexOf('\n', start - 1) + 1;
  if (text.slice(from, start).trim() !== '') return null;
  const after = /^[ \t]*;?[ \t]*(?:#[^\r\n]*)?(?:\r?\n|$)/.exec(text.slice(end));
  if (after === null) return null;
  const to = end + after[0].length;
  for (;;) {
    const above = text.lastIndexOf('\n', from - 2) + 1;
    if (above >= from || !ABOUT_MIGRATIONS.test(text.slice(above, from))) break;
    from = above;
  }
  return { source, start: from, end: to + blankAfter(text, from, to) };
};

/** One of two empty lines that would follow each other. */
const blankAfter = (text: string, from: number, to: number): number => {
  const isAfterBlank = /\n[ \t]*\r?\n$/.test(text.slice(Math.max(0, from - 200), from));
  return isAfterBlank ? (/^[ \t]*\r?\n/.exec(text.slice(to))?.[0].length ?? 0) : 0;
};
