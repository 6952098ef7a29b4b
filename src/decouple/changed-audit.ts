import { buildAudit } from '../audit/build-audit.ts';
import type { Audit } from '../audit/pipeline.ts';

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
