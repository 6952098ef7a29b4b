import type { PlannedFile } from '../planned-file.ts';
import { isStamped, isUntouched } from './stamp-file.ts';

export interface WorkflowFileInput {
  /** Relative to the root. */
  readonly path: string;
  readonly before: string | null;
  /** What the template gives now. */
  readonly rendered: string;
  readonly mode?: number;
}

/**
 * What is to be done with one file of the pipeline. One that nobody has changed follows the template and its options; one with lines of
 * its owner between those of the template is left; anything else is a conflict.
 */
export const planWorkflowFile = ({ path, before, rendered, mode }: WorkflowFileInput): PlannedFile => {
  const file = { path, before, ...(mode === undefined ? {} : { mode }) };
  if (before === null) return { ...file, action: 'create', after: rendered, reason: null };
  if (toLines(before).join('\n') === rendered) return { ...file, action: 'keep', after: before, reason: null };
  if (isUntouched(before)) {
    return { ...file, action: 'update', after: rendered, reason: 'other options, or a newer devsetup' };
  }
  if (isStamped(before) && holdsAllLines(before, rendered)) {
    return { ...file, action: 'keep', after: before, reason: 'it has lines of your own' };
  }
  const reason = isStamped(before)
    ? 'lines of the template were changed or taken out of it, or the template has others now'
    : 'devsetup did not write it';
  return { ...file, action: 'conflict', after: rendered, reason };
};

const holdsAllLines = (text: string, template: string): boolean => {
  const lines = toLines(text);
  let next = 0;
  for (const wanted of toLines(template)) {
    // The line with the fingerprint is always another.
    const at = lines.findIndex((line, index) => index >= next && (line === wanted || bothStamped(line, wanted)));
    if (at === -1) return false;
    next = at + 1;
  }
  return true;
};

const bothStamped = (line: string, wanted: string): boolean => isStamped(wanted) && isStamped(line);

const toLines = (text: string): readonly string[] => text.replaceAll('\r\n', '\n').split('\n');
