import type { CheckGroup, Severity } from './check.ts';
import { DOCTOR_SCHEMA_VERSION } from './doctor-report.ts';

export interface ListedFinding {
  readonly code: string;
  readonly severity: Severity;
  /** Its page, relative to the package. */
  readonly docs: string;
}

export interface ListedCheck {
  readonly id: string;
  readonly group: CheckGroup;
  readonly title: string;
  readonly findings: readonly ListedFinding[];
}

/** The document of `devsetup doctor --list --json`. */
export interface CheckList {
  readonly schemaVersion: typeof DOCTOR_SCHEMA_VERSION;
  readonly command: 'doctor --list';
  readonly version: string;
  readonly exitCode: 0;
  readonly checks: readonly ListedCheck[];
}

export const checkListOf = (version: string, checks: readonly ListedCheck[]): CheckList => ({
  schemaVersion: DOCTOR_SCHEMA_VERSION,
  command: 'doctor --list',
  version,
  exitCode: 0,
  checks,
});
