import type { CheckResult, FileForm, Finding, Fix } from './check.ts';
import { ExitCode, type ExitCodeValue } from './errors.ts';

export const DOCTOR_SCHEMA_VERSION = 1;

/** How a finding is shown in JSON: a fix is described, not carried out. */
export interface ReportedFinding extends Omit<Finding, 'fix'> {
  /** Its page, relative to the package. */
  readonly docs: string;
  /** What `--fix` would do; null: it is not fixable. */
  readonly fix: string | null;
}

export interface ReportedCheck extends Omit<CheckResult, 'findings'> {
  readonly findings: readonly ReportedFinding[];
}

/** Something that `--fix` did, or tried. */
export interface AppliedFix {
  readonly codes: readonly string[];
  readonly action: string;
  readonly outcome: 'done' | 'failed' | 'declined';
  /** Why it failed. */
  readonly message: string | null;
}

export interface DoctorCounts {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly couldNotCheck: number;
  readonly passed: number;
}

/** The document `devsetup doctor --json` prints. */
export interface DoctorReport {
  readonly schemaVersion: typeof DOCTOR_SCHEMA_VERSION;
  readonly command: 'doctor';
  readonly version: string;
  readonly project: string;
  readonly outcome: 'healthy' | 'findings' | 'interrupted';
  readonly exitCode: ExitCodeValue;
  readonly strict: boolean;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly milliseconds: number;
  readonly djangoStarts: number;
  readonly counts: DoctorCounts;
  /** In registry order; with `--fix` as they are afterwards. */
  readonly checks: readonly ReportedCheck[];
  /** [] without `--fix`. */
  readonly fixes: readonly AppliedFix[];
  readonly warnings: readonly string[];
}

/** What could not be checked for want of a network counts as a warning: the project is not to blame. */
export const countResults = (checks: readonly CheckResult[]): DoctorCounts => {
  const findings = checks.flatMap((check) => check.findings);
  const count = (severity: Finding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const unknown = checks.filter((check) => check.status === 'could-not-check');
  return {
    errors: count('error'),
    warnings: count('warning') + unknown.filter((check) => check.network).length,
    infos: count('info'),
    couldNotCheck: unknown.filter((check) => !check.network).length,
    passed: checks.filter((check) => check.status === 'passed').length,
  };
};

export const exitCodeFor = (counts: DoctorCounts, strict: boolean): ExitCodeValue =>
  counts.errors + counts.couldNotCheck + (strict ? counts.warnings : 0) > 0 ? ExitCode.failed : ExitCode.done;

/** The page of a finding, relative to the package. A project's own findings have none of ours: they share one. */
export const docsOf = (code: string, known: ReadonlySet<string>): string =>
  `docs/findings/${known.has(code) ? code : 'project-check'}.md`;

export const reportedCheck = (check: CheckResult, known: ReadonlySet<string>): ReportedCheck => ({
  ...check,
  findings: check.findings.map((finding) => ({
    ...finding,
    docs: docsOf(finding.code, known),
    fix: finding.fix === null ? null : describeFix(finding.fix),
  })),
});

export const describeFix = (fix: Fix): string => {
  switch (fix.by) {
    case 'step':
      return `run the step ${fix.step}`;
    case 'edit':
      return `edit ${fix.file}: ${fix.summary}`;
    case 'form':
      return describeForm(fix.file, fix.make);
  }
};

export const describeForm = (file: string, make: FileForm): string => {
  const what = {
    executable: 'make %s executable, also in git',
    'unix-lines': 'store %s with LF line ends',
    'no-mark': 'store %s without a byte order mark',
  };
  return what[make].replace('%s', () => file);
};
