import type { PlannedFile } from '../planned-file.ts';
import { mergeChanges, toLines, type LeftLines } from './merge-changes.ts';
import { isStamped, isUntouched, restamp, stampOf } from './stamp-file.ts';

export interface WorkflowFileInput {
  /** Relative to the root. */
  readonly path: string;
  readonly before: string | null;
  /** What the template gives now. */
  readonly rendered: string;
  /** What devsetup wrote there last; null: it cannot be told. */
  readonly written?: string | null;
  readonly mode?: number | undefined;
  /** Lines of the owner are replaced, too. */
  readonly isForced?: boolean;
}

export interface PlannedWorkflow {
  readonly file: PlannedFile;
  /** Changes of the template that are not applied, since the owner has changed the same lines. */
  readonly left: readonly LeftLines[];
}

/** The owner has changed the file, and the template has changed, too: what was written last decides whose change each line is. */
export const needsWritten = (before: string | null, rendered: string): before is string =>
  before !== null && isStamped(before) && !isUntouched(before) && stampOf(before) !== stampOf(rendered);

/**
 * What is to be done with one file of the pipeline. One that nobody has changed follows the template and its options. In one that its
 * owner has changed, the owner's lines stay, and what has changed in the template since is applied around them; where it cannot be
 * told what that is, the file is a conflict, like one that devsetup did not write.
 */
export const planWorkflowFile = ({
  path,
  before,
  rendered,
  written = null,
  mode,
  isForced,
}: WorkflowFileInput): PlannedWorkflow => {
  const file = { path, before, ...(mode === undefined ? {} : { mode }) };
  const planned = (action: PlannedFile['action'], after: string, reason: string | null): PlannedWorkflow => ({
    file: { ...file, action, after, reason },
    left: [],
  });
  if (before === null) return planned('create', rendered, null);
  if (toLines(before).join('\n') === rendered) return planned('keep', before, null);
  if (isUntouched(before)) return planned('update', rendered, 'other options, or a newer devsetup');
  if (!isStamped(before)) return planned('conflict', rendered, 'devsetup did not write it');
  if (isForced === true) return planned('conflict', rendered, 'its lines were changed');
  if (!needsWritten(before, rendered)) return planned('keep', before, 'it has lines of your own');
  if (written === null) {
    const reason = 'its lines were changed, and what devsetup wrote there last is not known any more';
    return planned('conflict', rendered, reason);
  }
  const { text, left } = mergeChanges(restamp(written, rendered), restamp(before, rendered), rendered);
  return { ...planned('update', text, 'other options, or a newer devsetup; your own lines stay'), left };
};
