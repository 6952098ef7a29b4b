import type { SourceFile, Span } from '../core/placed-text.ts';
import type { TextEdit } from './finding.ts';
import type { Audit } from './pipeline.ts';

/** Edits are offered for workflows; what is written in other files is shown and left to people. */
const sourceOf = ({ workflows }: Audit, { file }: Span): SourceFile | undefined =>
  workflows.find(({ source }) => source.file === file)?.source;

const offsetOf = ({ lineStarts, text }: SourceFile, line: number, column: number): number =>
  Math.min(text.length, (lineStarts[line - 1] ?? text.length) + column - 1);

/** Removes what is written there, with the blanks before it. */
export const removeSpan = (audit: Audit, span: Span): readonly TextEdit[] => {
  const source = sourceOf(audit, span);
  if (source === undefined) return [];
  let start = offsetOf(source, span.line, span.column);
  const end = offsetOf(source, span.endLine, span.endColumn);
  while (/[ \t]/.test(source.text[start - 1] ?? '')) start -= 1;
  // Alone on its line, it was a continuation of the line before, which would now continue with something else.
  if (source.text[start - 1] === '\n') return [];
  return [{ file: span.file, start, end, text: '' }];
};

/** Removes the whole lines of a key with a plain value; [] where something else stands on them. */
export const removeLines = (audit: Audit, span: Span): readonly TextEdit[] => {
  const source = sourceOf(audit, span);
  if (source === undefined || span.line !== span.endLine) return [];
  const start = offsetOf(source, span.line, 1);
  const end = offsetOf(source, span.line + 1, 1);
  if (!/^[ \t]*[\w-]+:[^{}]*$/.test(source.text.slice(start, end).trimEnd())) return [];
  return [{ file: span.file, start, end, text: '' }];
};

/** A text with all edits made; none of them overlaps another. */
export const applyEdits = (text: string, edits: readonly TextEdit[]): string =>
  edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((done, { start, end, text: put }) => done.slice(0, start) + put + done.slice(end), text);
