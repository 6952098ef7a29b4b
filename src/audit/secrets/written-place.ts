import { spanOf, type PlacedText, type Span } from '../../core/placed-text.ts';
import type { ShellWord } from '../../shell/shell-run.ts';
import type { AuditedStep } from '../pipeline.ts';

/** Whether a part of a text stands there character by character, and is not the value of a variable. */
const isWritten = ({ segments }: PlacedText, start: number): boolean =>
  segments.findLast(({ at }) => at <= start)?.length === null;

/** Where a part of a word is written: in the word itself, or where the variable is set that it comes from; null: not known. */
export const placeInWord = (word: ShellWord, start: number, end: number, step: AuditedStep): Span | null => {
  if (isWritten(word.placed, start)) return spanOf(word.placed, start, end);
  const origin = word.origins.findLast(({ span }) => span !== null)?.span ?? null;
  if (origin === null) return null;
  const setting = step.settings.find(({ word: { span } }) => endsAlike(span, origin));
  return setting !== undefined && isWritten(setting.word.placed, 0) ? spanOf(setting.word.placed) : origin;
};

const endsAlike = (a: Span, b: Span): boolean =>
  a.file === b.file && a.endLine === b.endLine && a.endColumn === b.endColumn;

/** What scripts of the checkout say is theirs: findings are about workflows and actions. */
export const isInWorkflow = ({ file }: Span): boolean => /\.ya?ml$/.test(file);
