import { readFileSync } from 'node:fs';
import process from 'node:process';

import { auditSarif } from '../audit/audit-sarif.ts';
import type { AuditOutcome } from '../audit/report-audit.ts';
import { auditAnnotations } from '../pipeline/github/audit-annotations.ts';
import { renderAudit } from '../ui/render-audit.ts';
import { renderJson } from '../ui/render-json.ts';
import { pageAddresses } from '../ui/page-link.ts';
import { packageFile, readManifest } from '../version.ts';
import { writeOutput, type AuditFormat, type AuditOutput } from './audit-formats.ts';
import type { CommonOptions } from './common-options.ts';
import { pagesFrom } from './doctor-places.ts';
import type { Terminal } from './terminal.ts';

interface PrintOptions {
  readonly options: CommonOptions;
  readonly terminal: Terminal;
  readonly notes: readonly string[];
}

interface OutputOptions extends PrintOptions {
  /** It goes to a file: neither coloured nor wrapped. */
  readonly isFile: boolean;
}

/** Each format to where it goes: one to stdout, the others to files. */
export const printOutcome = async (
  outcome: AuditOutcome,
  outputs: readonly AuditOutput[],
  options: PrintOptions,
): Promise<void> => {
  for (const { format, file } of outputs) {
    const text = renderOutput(format, outcome, { ...options, isFile: file !== null });
    if (file !== null) await writeOutput(file, text, options.terminal.host.cwd);
    else if (format === 'text') options.terminal.print(process.stdout, text);
    else process.stdout.write(text);
  }
};

/** The outcome in one of the formats, with the line break at its end. */
const renderOutput = (
  format: AuditFormat,
  { report, details }: AuditOutcome,
  { options, terminal, notes, isFile }: OutputOptions,
): string => {
  const { stdout } = process;
  const { host } = terminal;
  switch (format) {
    case 'json':
      return renderJson(report);
    case 'sarif':
      return renderJson(
        auditSarif(report, {
          version: host.version,
          fingerprints: details.map(({ fingerprint }) => fingerprint),
          pageOf: readPage,
          addressOf: pageAddresses(readManifest()).onWeb,
        }),
      );
    case 'github':
      return auditAnnotations(report);
    case 'text':
      return renderAudit(report, {
        columns: !isFile && stdout.isTTY ? stdout.columns : undefined,
        color: !isFile && terminal.color(stdout),
        verbose: options.verbose === true,
        docsPath: pagesFrom(host.cwd, { stream: stdout, color: !isFile && terminal.color(stdout) }),
        devsetup: terminal.typed('npx devsetup'),
        lines: details.map(({ line }) => line),
        skipped: details.map(({ skipped }) => skipped),
        notes,
      });
  }
};

const readPage = (docs: string): string | undefined => {
  try {
    return readFileSync(packageFile(docs), 'utf8');
  } catch {
    // A log without the page is better than none.
    return undefined;
  }
};
