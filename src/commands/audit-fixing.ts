import path from 'node:path';
import process from 'node:process';

import { planFixes } from '../audit/fix/plan-fixes.ts';
import { createMask } from '../audit/report-audit.ts';
import { readTextFile } from '../checkout/text-file.ts';
import type { AppliedFix } from '../core/doctor-report.ts';
import { DevsetupError, messageOf } from '../core/errors.ts';
import { applyEdit, type PlannedEdit } from '../doctor/edit-file.ts';
import { renderAppliedFix, renderPlannedFix } from '../ui/render-fix.ts';
import { askYesNo } from '../ui/prompts.ts';
import type { Look } from './audit-look.ts';
import type { CommonOptions } from './common-options.ts';
import type { Terminal } from './terminal.ts';

export interface FixingDone {
  /** Something was written, so the files have to be read again. */
  readonly hasChanged: boolean;
  /** Something could be fixed, but it runs without a terminal and without `--yes`: nothing was written. */
  readonly isUnanswered: boolean;
  /** What the user should know at the end. */
  readonly notes: readonly string[];
}

/**
 * `--fix`: shows what each file would be, asks, and writes it if it has not changed since it was read. All on stderr.
 *
 * @throws if it is interrupted
 */
export const fixWorkflows = async (
  looks: readonly Look[],
  options: CommonOptions,
  terminal: Terminal,
): Promise<FixingDone> => {
  const planned = looks.flatMap((look) =>
    planFixes(look.result.findings, look.result.textOf).map((edits) => ({
      look,
      edits,
      mask: createMask(look.result),
    })),
  );
  if (planned.length === 0) return { hasChanged: false, isUnanswered: false, notes: [] };
  const { stderr } = process;
  const text = { columns: stderr.isTTY ? stderr.columns : undefined, color: terminal.color(stderr) };
  const canAsk = options.yes === true || terminal.canAsk();
  const notes: string[] = [];
  let hasChanged = false;
  for (const { look, edits, mask } of planned) {
    const name = look.show(edits.file);
    const fix = {
      codes: edits.rules,
      action: `edit ${name}: ${edits.sentences.join(' ').replace(/\.$/, '')}`,
      by: 'edit' as const,
      name,
    };
    terminal.print(
      stderr,
      renderPlannedFix({ ...fix, file: name, before: mask(edits.before), after: mask(edits.after) }, text),
    );
    if (!canAsk) continue;
    const isWanted = options.yes === true || (await askYesNo('  Do this? [y/N] ', terminal.signal));
    if (terminal.signal.aborted) throw interrupted(hasChanged);
    const done: AppliedFix = isWanted
      ? await write(
          { ...fix, file: path.join(look.root, edits.file), before: edits.before, after: edits.after },
          look.root,
        )
      : { codes: fix.codes, action: fix.action, outcome: 'declined', message: null };
    terminal.print(stderr, renderAppliedFix(done, text));
    hasChanged ||= done.outcome === 'done';
    if (done.outcome === 'failed') notes.push(`${name} was not fixed: ${done.message}.`);
  }
  if (!canAsk)
    notes.push('Nothing was fixed: devsetup cannot ask without a terminal. Add --yes to fix without a question.');
  return { hasChanged, isUnanswered: !canAsk, notes };
};

const interrupted = (hasChanged: boolean): Error =>
  new DevsetupError({
    code: 'INTERRUPTED',
    message: hasChanged
      ? 'Interrupted. What was written before stays; no other file was changed.'
      : 'Interrupted. No file was changed.',
  });

const write = async (edit: Omit<PlannedEdit, 'read'>, root: string): Promise<AppliedFix> => {
  const { codes, action, before, file } = edit;
  try {
    const read = await readTextFile(file, root);
    if (read === undefined || read.bytes.toString('utf8').replace(/^\uFEFF/, '') !== before)
      throw new Error('the file has changed since it was read; nothing was written');
    return await applyEdit({ ...edit, read }, root);
  } catch (error) {
    return { codes, action, outcome: 'failed', message: messageOf(error) };
  }
};
