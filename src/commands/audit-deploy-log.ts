import path from 'node:path';
import process from 'node:process';

import { auditDeployLog } from '../audit/deploy-log/audit-deploy-log.ts';
import type { AuditOutcome } from '../audit/report-audit.ts';
import { reportAudit } from '../audit/report-audit.ts';
import { fingerprintsOf } from '../audit/suppress/fingerprints.ts';
import { MOST_BYTES, readBytes, tooLarge } from '../checkout/read-bytes.ts';
import type { Severity } from '../core/check.ts';
import { DevsetupError, ExitCode, usageError } from '../core/errors.ts';

export interface DeployLogOptions {
  readonly cwd: string;
  /** `--deploy-log`; `-`: standard input. */
  readonly file: string;
  /** `--sha` */
  readonly sha: string | undefined;
  readonly failOn: Severity;
}

/**
 * What the log of a deployment says about images.
 *
 * @throws usage errors PATH_MISSING, AUDIT_SHA; NO_LOG with exit code 3
 */
export const lookAtDeployLog = async ({ cwd, file, sha, failOn }: DeployLogOptions): Promise<AuditOutcome> => {
  const log = file === '-' ? await readInput() : readLog(path.resolve(cwd, file));
  if (log.trim() === '') {
    throw new DevsetupError({
      code: 'NO_LOG',
      message: `--deploy-log: ${file === '-' ? 'nothing came in' : `${file} is empty`}.`,
      hint: 'Write the output of the deployment to a file, or pipe it in: `… 2>&1 | npx devsetup audit --deploy-log -`.',
      exitCode: ExitCode.bug,
    });
  }
  const { images, findings } = auditDeployLog(file, log, sha ?? null);
  const lines = log.split('\n');
  const prints = fingerprintsOf(findings, (_, line) => lines[line - 1] ?? '');
  const found = findings.map((one, index) => ({ ...one, fingerprint: prints[index] ?? '', suppressed: null }));
  const result = { findings: found, crashes: [], secrets: [], textOf: (): string => log };
  const { report, details } = reportAudit(
    [{ files: [file], result, show: (one) => (one === '-' ? 'stdin' : one) }],
    failOn,
  );
  return {
    details,
    report: {
      ...report,
      images: images.map(({ reference, use, line, digest }) => ({ reference, use, line, digest })),
    },
  };
};

const readLog = (file: string): string => {
  const found = readBytes(file);
  if (found.kind === 'bytes') return found.bytes.toString('utf8');
  throw unreadable(file, found.kind === 'absent' ? 'it does not exist' : found.reason);
};

/** A program that never stops printing would fill the memory. */
const readInput = async (): Promise<string> => {
  const pieces: Buffer[] = [];
  let total = 0;
  for await (const piece of process.stdin as AsyncIterable<Buffer>) {
    total += piece.length;
    if (total > MOST_BYTES) throw unreadable('standard input', tooLarge(MOST_BYTES));
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
};

const unreadable = (what: string, reason: string): DevsetupError =>
  usageError({
    code: 'PATH_MISSING',
    message: `--deploy-log: ${what} cannot be read: ${reason}.`,
    hint: 'Name the file with the output of the deployment; - is standard input, also for what another program prints: `… 2>&1 | npx devsetup audit --deploy-log -`.',
  });
