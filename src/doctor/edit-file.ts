import path from 'node:path';

import { readTextFile, writeTextFile, type TextFile } from '../checkout/text-file.ts';
import type { AppliedFix } from '../core/doctor-report.ts';
import { messageOf } from '../core/errors.ts';
import type { PlannedFix } from '../core/planned-fix.ts';
import { judgeEdit } from '../core/safe-edit.ts';
import type { EditGroup } from './group-fixes.ts';

export type PlannedEdit = Extract<PlannedFix, { by: 'edit' }> & { readonly read: TextFile | undefined };

export type EditPlan =
  | { readonly kind: 'planned'; readonly edit: PlannedEdit }
  /** The file is already as it should be. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'failed'; readonly fix: AppliedFix };

/** What the edits of one file come to, one after the other. Changes nothing, never throws. */
export const planEdit = async (group: EditGroup, root: string): Promise<EditPlan> => {
  const { file, codes, fixes } = group;
  const name = path.relative(root, file) || file;
  const action = `edit ${name}: ${[...new Set(fixes.map(({ summary }) => summary))].join('; ')}`;
  try {
    const read = await readTextFile(file, root);
    const before = read?.text ?? null;
    let after = before;
    for (const { edit, meaning } of fixes) {
      const edited = edit(after);
      const verdict =
        meaning === undefined
          ? null
          : await judgeEdit({ file, edit: () => edited, meaning }, new Map([[file, after ?? '']]));
      if (verdict?.kind === 'unsafe')
        throw new Error(`the edit would also change ${verdict.difference}, so nothing was written`);
      after = edited;
    }
    if (after === null || after === before) return { kind: 'nothing' };
    return { kind: 'planned', edit: { by: 'edit', file, name, codes, action, before, after, read } };
  } catch (error) {
    return { kind: 'failed', fix: { codes, action, outcome: 'failed', message: messageOf(error) } };
  }
};

/** Writes what was shown, and only if the file is still what it was then. Never throws. */
export const applyEdit = async (
  { codes, action, file, after, read }: PlannedEdit,
  root: string,
): Promise<AppliedFix> => {
  try {
    const now = await readTextFile(file, root);
    if (!isSame(now, read)) throw new Error('the file has changed since it was shown; nothing was written');
    await writeTextFile(file, after, read, root);
    return { codes, action, outcome: 'done', message: null };
  } catch (error) {
    return { codes, action, outcome: 'failed', message: messageOf(error) };
  }
};

const isSame = (a: TextFile | undefined, b: TextFile | undefined): boolean =>
  a === undefined || b === undefined ? a === b : a.path === b.path && a.bytes.equals(b.bytes);
