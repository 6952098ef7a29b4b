import type { Severity } from './check.ts';
import { ExitCode, type ExitCodeValue } from './errors.ts';
import type { Span } from './placed-text.ts';
import type { RuleId } from './rule-ids.ts';

export const AUDIT_SCHEMA_VERSION = 1;

/** One replacement; an empty range is an insertion. */
export interface ReportedEdit extends Span {
  readonly text: string;
}

/** A finding as JSON shows it. Lines and columns from 1, the end exclusive; columns count UTF-16 units. */
export interface ReportedFault extends Span {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** Key of the job; in a called workflow with that of the caller: `release / migrate`. */
  readonly job: string | null;
  readonly step: string | null;
  readonly message: string;
  readonly evidence: readonly {
    readonly text: string;
    readonly file: string | null;
    readonly line: number | null;
    readonly column: number | null;
  }[];
  readonly fix: {
    /** What to do, one sentence. */
    readonly text: string;
    /** How `--fix` does it; []: by hand. */
    readonly edits: readonly ReportedEdit[];
  };
  readonly suppressed: {
    readonly by: 'comment' | 'configuration' | 'baseline';
    readonly reason: string;
  } | null;
}

/** Of what is not silenced. */
export interface AuditSummary {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly suppressed: number;
  /** Counted above and not listed: too many of one rule on one line, or too many in all. */
  readonly hidden: number;
  readonly failOn: Severity;
  readonly exitCode: ExitCodeValue;
}

/** The document of `devsetup audit --json`. Files are relative to the working directory; absolute where they are not below it. */
export interface AuditReport {
  readonly schemaVersion: typeof AUDIT_SCHEMA_VERSION;
  readonly files: readonly string[];
  readonly findings: readonly ReportedFault[];
  readonly summary: AuditSummary;
  /** With `--deploy-log` only: what the log shows as pulled or run. */
  readonly images?: readonly DeployedImage[];
}

export interface DeployedImage {
  readonly reference: string;
  readonly use: 'pulled' | 'run';
  /** Of the log. */
  readonly line: number;
  /** What was behind the tag, where the log says it. */
  readonly digest: string | null;
}

export const FAIL_ON: readonly Severity[] = ['error', 'warning', 'info'];

/** @param crashed a rule failed: a bug in devsetup, whatever the others have found */
export const summarizeFaults = (
  faults: readonly Pick<ReportedFault, 'severity' | 'suppressed'>[],
  failOn: Severity,
  crashed: boolean,
  hidden = 0,
): AuditSummary => {
  const open = faults.filter(({ suppressed }) => suppressed === null);
  const count = (severity: Severity): number => open.filter((fault) => fault.severity === severity).length;
  const isFailure = open.some(({ severity }) => FAIL_ON.indexOf(severity) <= FAIL_ON.indexOf(failOn));
  return {
    errors: count('error'),
    warnings: count('warning'),
    infos: count('info'),
    suppressed: faults.length - open.length,
    hidden,
    failOn,
    exitCode: crashed ? ExitCode.bug : isFailure ? ExitCode.failed : ExitCode.done,
  };
};
