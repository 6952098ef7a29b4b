import type { RuleId } from '../../core/rule-ids.ts';
import { applyEdits } from '../edits.ts';
import type { AuditFinding, TextEdit } from '../finding.ts';

/** What `--fix` makes of one file. */
export interface PlannedEdits {
  /** Relative to the checkout's root. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
  /** What is done, each once. */
  readonly sentences: readonly string[];
  readonly rules: readonly RuleId[];
}

/**
 * The edits of all findings that have some and are not silenced, a file at a time. Of two that are in each other's way the first is done:
 * the other is found again afterwards. An edit is done with all others of its finding, or not at all.
 */
export const planFixes = (
  findings: readonly AuditFinding[],
  textOf: (file: string) => string | undefined,
): readonly PlannedEdits[] => {
  const taken: TextEdit[] = [];
  const done = findings.filter(({ suppressed, fix }) => {
    if (suppressed !== null || fix.edits.length === 0) return false;
    const fresh = fix.edits.filter((edit) => !taken.some((other) => isSame(edit, other)));
    const fits = fresh.every(
      (edit) => isWithin(edit, textOf(edit.file)) && !taken.some((other) => overlap(edit, other)),
    );
    if (fits) taken.push(...fresh);
    return fits;
  });
  return [...new Set(taken.map(({ file }) => file))].flatMap((file) => {
    const before = textOf(file) ?? '';
    const after = applyEdits(
      before,
      taken.filter((edit) => edit.file === file),
    );
    const mine = done.filter(({ fix }) => fix.edits.some((edit) => edit.file === file));
    const sentences = [...new Set(mine.map(({ fix }) => fix.sentence))];
    return after === before
      ? []
      : [{ file, before, after, sentences, rules: [...new Set(mine.map(({ rule }) => rule))] }];
  });
};

const isSame = (a: TextEdit, b: TextEdit): boolean =>
  a.file === b.file && a.start === b.start && a.end === b.end && a.text === b.text;

const isWithin = ({ start, end }: TextEdit, text: string | undefined): boolean =>
  text !== undefined && start >= 0 && start <= end && end <= text.length;

/** Two insertions at one place are in each other's way, too: which comes first would be chance. */
const overlap = (a: TextEdit, b: TextEdit): boolean =>
  a.file === b.file && (a.start === b.start || (a.start < b.end && b.start < a.end));
