import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';

import type { Palette } from './palette.ts';
import { toPlainLine } from './plain-text.ts';

export interface DiffFacts {
  readonly name: string;
  /** null: a new file. */
  readonly before: string | null;
  readonly after: string;
}

/** A unified diff, as `git diff` shows it: additions green, removals red. Lines are not wrapped, so that they can be compared. */
export const renderDiff = ({ name, before, after }: DiffFacts, palette: Palette): readonly string[] => {
  const from = before === null ? '/dev/null' : name;
  const patch = structuredPatch(from, name, before ?? '', after, undefined, undefined, { context: 3 });
  if (patch.hunks.length === 0) return ['(what differs is a secret, and not shown)'];
  return formatPatch(patch, FILE_HEADERS_ONLY)
    .trimEnd()
    .split('\n')
    .map((line) => paintLine(toPlainLine(line), palette));
};

const paintLine = (line: string, palette: Palette): string => {
  if (line.startsWith('+++') || line.startsWith('---')) return palette.bold(line);
  if (line.startsWith('+')) return palette.green(line);
  if (line.startsWith('-')) return palette.red(line);
  return line.startsWith('@@') ? palette.dim(line) : line;
};
