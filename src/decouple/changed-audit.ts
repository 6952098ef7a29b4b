import { buildAudit } from '../audit/build-audit.ts';
import { applyEdits } from '../audit/edits.ts';
import type { TextEdit } from '../audit/finding.ts';
import type { Audit } from '../audit/pipeline.ts';
import { groupBy } from '../core/group-by.ts';

/** The text of a file as an audit has it. */
export const textIn = ({ workflows, readFile }: Audit, file: string): string =>
  workflows.find(({ source }) => source.file === file)?.source.text ?? readFile(file) ?? '';

/** The audit of the same checkout with other texts of some files. */
export const changedAudit = (audit: Audit, texts: ReadonlyMap<string, string>): Audit =>
  buildAudit({
    files: audit.workflows.map(({ source }) => ({ path: source.file, text: texts.get(source.file) ?? source.text })),
    readFile: (file) => texts.get(file) ?? audit.readFile(file),
    project: audit.project,
    config: audit.config,
  });

/** Each once: two environments may share a script, a step may push two names. */
export const distinct = <T>(all: readonly T[]): readonly T[] => [
  ...new Map(all.map((one) => [JSON.stringify(one), one])).values(),
];

/** The texts of the files that edits change. */
export const textsAfter = (audit: Audit, edits: readonly TextEdit[]): ReadonlyMap<string, string> =>
  new Map(
    [...groupBy(distinct(edits), ({ file }) => file)].map(([file, own]) => [
      file,
      applyEdits(textIn(audit, file), own),
    ]),
  );
