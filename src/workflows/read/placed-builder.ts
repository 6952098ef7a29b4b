import type { PlacedText, Segment, SourceFile } from '../../core/placed-text.ts';

/** Puts a text together from parts of a file and from characters that stand for something else in it. */
export interface PlacedBuilder {
  /** A part of the file as it is. */
  add(start: number, end: number): void;
  /** `text` where the file has something else, e.g. a blank for a line's end. */
  addInstead(text: string, start: number, end: number): void;
  /** A line's end at `at`: itself where it stays `\n`, else what it is folded to. */
  addBreak(text: string, at: number): void;
  build(): PlacedText;
}

export const createPlacedBuilder = (source: SourceFile): PlacedBuilder => {
  const segments: Segment[] = [];
  const parts: string[] = [];
  let length = 0;
  /** Where the last part ends in the file, if it was taken as it is; what begins there continues it. */
  let continuesAt = -1;
  const push = (text: string, offset: number, stands: number | null): void => {
    if (text === '') return;
    if (stands !== null || offset !== continuesAt) segments.push({ at: length, source, offset, length: stands });
    parts.push(text);
    length += text.length;
    continuesAt = stands === null ? offset + text.length : -1;
  };
  return {
    add: (start, end) => push(source.text.slice(start, end), start, null),
    addInstead: (text, start, end) => push(text, start, end - start),
    addBreak: (text, at) =>
      push(text, at, text === source.text[at] ? null : Math.min(1, Math.max(0, source.text.length - at))),
    build: () => ({ text: parts.join(''), segments }),
  };
};
