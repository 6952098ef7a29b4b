/** A range of a file: lines and columns from 1, the end exclusive. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A file as it is written. Offsets count UTF-16 units from 0, as everywhere in JavaScript. */
export interface SourceFile {
  /** Relative to the checkout's root, with `/`. */
  readonly file: string;
  readonly text: string;
  /** The offset each line begins at. */
  readonly lineStarts: readonly number[];
}

/** Where a part of a text comes from; it holds until the next part begins. */
export interface Segment {
  /** The offset in the text at which the part begins. */
  readonly at: number;
  readonly source: SourceFile;
  /** The offset in the source it begins at. */
  readonly offset: number;
  /** null: character by character. A number: the whole part stands for this many characters, e.g. the value of a variable for its name. */
  readonly length: number | null;
}

/** A text that knows of each of its characters where it is written: through YAML's indentation, quotes and here-documents. */
export interface PlacedText {
  readonly text: string;
  /** In the order of `at`; the first at 0. Empty only for the empty text. */
  readonly segments: readonly Segment[];
}

export const createSource = (file: string, text: string): SourceFile => {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return { file, text, lineStarts };
};

// Asked a thousand times for each file: two loops are faster than one that calls a function to compare.

/** The index of the line that an offset is in. */
const lineAt = (lineStarts: readonly number[], offset: number): number => {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
};

/** The index of the segment that an offset of the text is in. */
const segmentAt = (segments: readonly Segment[], offset: number): number => {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((segments[middle]?.at ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
};

/** The span of a range of a file. */
export const spanIn = (source: SourceFile, start: number, end: number): Span => {
  const { file, lineStarts } = source;
  const last = Math.max(start, end);
  const line = lineAt(lineStarts, start);
  const endLine = last < (lineStarts[line + 1] ?? Infinity) ? line : lineAt(lineStarts, last);
  return {
    file,
    line: line + 1,
    column: start - (lineStarts[line] ?? 0) + 1,
    endLine: endLine + 1,
    endColumn: last - (lineStarts[endLine] ?? 0) + 1,
  };
};

/** The range of the source file that a range of the text stands for; of several files, that of its first character. */
export const rangeOf = (
  { segments }: PlacedText,
  start: number,
  end: number,
): { readonly source: SourceFile; readonly start: number; readonly end: number } | null => {
  const first = segments[segmentAt(segments, start)];
  const last = segments[segmentAt(segments, Math.max(start, end - 1))];
  if (first === undefined || last === undefined) return null;
  const from = first.offset + (first.length === null ? start - first.at : 0);
  if (last.source !== first.source) return { source: first.source, start: from, end: from };
  const to = last.offset + (last.length ?? Math.max(start, end - 1) - last.at + (end > start ? 1 : 0));
  return { source: first.source, start: from, end: Math.max(from, to) };
};

/** Where a range of the text is written. */
export const spanOf = (placed: PlacedText, start = 0, end = placed.text.length): Span => {
  const range = rangeOf(placed, start, end);
  return range === null
    ? { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 }
    : spanIn(range.source, range.start, range.end);
};

/** A range of a file as a text. */
export const placeRange = (source: SourceFile, start: number, end: number): PlacedText => ({
  text: source.text.slice(start, end),
  segments: end > start ? [{ at: 0, source, offset: start, length: null }] : [],
});

/** Another text that stands for the whole of `at`: the value of a variable for its name. */
export const placeInstead = (text: string, at: PlacedText): PlacedText => {
  const range = rangeOf(at, 0, at.text.length);
  if (range === null || text === '') return { text, segments: [] };
  return { text, segments: [{ at: 0, source: range.source, offset: range.start, length: range.end - range.start }] };
};

export const slicePlaced = (placed: PlacedText, start: number, end = placed.text.length): PlacedText => {
  if (start === 0 && end >= placed.text.length) return placed;
  const text = placed.text.slice(start, end);
  if (text === '') return { text, segments: [] };
  const segments: Segment[] = [];
  // Not one step further than needed: a script has a segment a line, and is cut into all of its words.
  for (let index = segmentAt(placed.segments, start); index < placed.segments.length; index += 1) {
    const segment = placed.segments[index];
    if (segment === undefined || segment.at >= end) break;
    const skipped = segment.length === null ? Math.max(0, start - segment.at) : 0;
    const { at, source, offset, length } = segment;
    segments.push({ at: Math.max(0, at - start), source, offset: offset + skipped, length });
  }
  return { text, segments };
};

export const joinPlaced = (parts: readonly PlacedText[]): PlacedText => {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const segments: Segment[] = [];
  let text = '';
  for (const part of parts) {
    const length = text.length;
    for (const segment of part.segments) {
      const { at, source, offset } = segment;
      segments.push(length === 0 ? segment : { at: at + length, source, offset, length: segment.length });
    }
    text += part.text;
  }
  return { text, segments };
};

/** The offsets of a span in its file. */
export const offsetsOf = (
  { text, lineStarts }: SourceFile,
  { line, column, endLine, endColumn }: Span,
): { readonly start: number; readonly end: number } => {
  const at = (row: number, place: number): number =>
    Math.min(text.length, (lineStarts[row - 1] ?? text.length) + place - 1);
  return { start: at(line, column), end: at(endLine, endColumn) };
};
