import { spanOf, type PlacedText } from '../../core/placed-text.ts';
import type { AuditedJob } from '../pipeline.ts';

/** A text of a workflow or script that is a file for something else: each of its lines stands where it is written. */
export interface WrittenText {
  /** The file that it is written in. */
  readonly file: string;
  readonly text: string;
}

/** The file that a job has written by that path, the last one; null: it has not. `unclear`: its lines do not show where they come from. */
export const writtenText = ({ steps }: AuditedJob, path: string): WrittenText | 'unclear' | null => {
  const name = lastPart(path);
  for (const { written } of steps.toReversed()) {
    const found = [...written].findLast(([file]) => lastPart(file) === name);
    if (found !== undefined) return asFile(found[1]) ?? 'unclear';
  }
  return null;
};

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The lines of a text at the places they are written at; null: they are not written line by line. */
export const asFile = (placed: PlacedText): WrittenText | null => {
  const lines: string[] = [];
  let file: string | null = null;
  let at = 0;
  for (const line of placed.text.split('\n')) {
    if (line.trim() !== '') {
      const span = spanOf(placed, at, at + line.length);
      if (span.line <= lines.length || (file !== null && span.file !== file) || span.line > MOST_LINES) return null;
      file = span.file;
      while (lines.length < span.line - 1) lines.push('');
      lines.push(' '.repeat(span.column - 1) + line.replaceAll(/[\uE000-\uF8FF]/g, '$_'));
    }
    at += line.length + 1;
  }
  return file === null ? null : { file, text: `${lines.join('\n')}\n` };
};

const MOST_LINES = 20_000;
