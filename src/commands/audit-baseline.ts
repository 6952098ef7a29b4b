import path from 'node:path';

import { renderBaseline } from '../audit/suppress/baseline.ts';
import { readTextFile, writeTextFile } from '../checkout/text-file.ts';
import { messageOf, usageError } from '../core/errors.ts';
import { groupBy } from '../core/group-by.ts';
import type { RuleId } from '../core/rule-ids.ts';
import type { Look } from './audit-look.ts';

/**
 * Writes what is found now as known. Checkouts that name the same file share it.
 *
 * @returns a sentence a file
 * @throws usage errors BASELINE_UNNAMED, BASELINE_UNWRITABLE
 */
export const writeBaselines = async (looks: readonly Look[], cwd: string): Promise<readonly string[]> => {
  const unnamed = looks.find(({ baselineFile }) => baselineFile === null);
  if (unnamed !== undefined) {
    throw usageError({
      code: 'BASELINE_UNNAMED',
      message: '--write-baseline: neither --baseline nor audit.baseline in the configuration names a file.',
      hint: 'Name one: `npx devsetup audit --baseline audit-baseline.json --write-baseline`.',
    });
  }
  const notes: string[] = [];
  for (const [file, group] of groupBy(looks, ({ baselineFile }) => baselineFile ?? '')) {
    const findings = group.flatMap(({ result }) => result.findings);
    const name = path.relative(cwd, file) || file;
    try {
      const within = group[0].baselineWithin;
      await writeTextFile(file, renderBaseline(findings), await readTextFile(file, within), within);
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? messageOf(error);
      throw usageError({
        code: 'BASELINE_UNWRITABLE',
        message: `The baseline ${name} cannot be written (${reason}).`,
        hint: 'Name another file with --baseline.',
      });
    }
    notes.push(`The baseline ${name} is written: commit it.`);
  }
  return notes;
};

/** Of a baseline, what is not found any more: it should shrink. Only where every rule was asked. */
export const describeStale = (looks: readonly Look[], rules: ReadonlySet<RuleId>): readonly string[] =>
  [
    ...groupBy(
      looks.filter(({ baselineFile }) => baselineFile !== null),
      ({ baselineFile }) => baselineFile ?? '',
    ),
  ].flatMap(([, group]) => {
    const found = new Set(group.flatMap(({ result }) => result.findings.map(({ fingerprint }) => fingerprint)));
    const files = new Set(group.flatMap((look) => look.files));
    const gone = [...group[0].baseline].filter(
      ([print, { rule, file }]) => !found.has(print) && files.has(file) && [...rules].some((one) => one === rule),
    );
    if (gone.length === 0) return [];
    const what = gone.length === 1 ? '1 finding of the baseline is' : `${gone.length} findings of the baseline are`;
    return [`${what} found no more: --write-baseline takes them out.`];
  });
