import { displayWidth, truncate } from './fit-text.ts';

export interface SourceLineOptions {
  /** Characters of the line that `text` does without at its start. */
  readonly skipped?: number;
  /** Of the terminal; undefined if there is none: then only a line that no person would write is cut. */
  readonly columns: number | undefined;
  readonly dim: (text: string) => string;
  /** Of the mark below what is meant. */
  readonly paint: (text: string) => string;
}

interface Marked {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

// Tabs and control characters take room of their own in every terminal: one column each, so that the mark stands below what is meant.
const UNSHOWN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Without a terminal: minified scripts and hostile lines would be repeated by each finding. */
const LONGEST_LINE = 240;

/** Blanks that stay before a line that is cut at its start. */
const CONTEXT = 12;

/** A line of a file, and below it the mark under the span: of several lines, what is on the first. */
export const renderSourceLine = (text: string, span: Marked, options: SourceLineOptions): readonly string[] => {
  const line = text.replaceAll(UNSHOWN, (character) => ' '.repeat(character.length)).trimEnd();
  const indentation = /^ */.exec(line)?.[0].length ?? 0;
  const skipped = options.skipped ?? 0;
  const start = Math.min(span.column - 1 - skipped, line.length);
  const end = Math.max(
    start + 1,
    span.endLine === span.line ? Math.min(span.endColumn - 1 - skipped, line.length) : line.length,
  );
  const gutter = `  ${span.line} │ `;
  const room = options.columns ? Math.max(options.columns - gutter.length, 20) : LONGEST_LINE;
  const fits = displayWidth(line.slice(indentation, end)) <= room;
  const cut = fits ? Math.min(indentation, start) : Math.max(indentation, start - CONTEXT);
  const mark = cut > indentation || skipped > 0 ? '…' : '';
  const before = `${mark}${line.slice(cut, start)}`;
  const shown = truncate(`${mark}${line.slice(cut, cut + room + 1)}`, room);
  const width = Math.min(displayWidth(line.slice(start, end)), Math.max(1, room - displayWidth(before)));
  return [
    `${options.dim(gutter)}${shown}`,
    `${options.dim(`${' '.repeat(gutter.length - 2)}│ `)}${' '.repeat(displayWidth(before))}${options.paint('^'.repeat(Math.max(1, width)))}`,
  ];
};
