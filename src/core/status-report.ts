import type { ReportedBackend, ReportedDatabase } from './report.ts';

export const STATUS_SCHEMA_VERSION = 1;

/** The document `devsetup status --json` prints. */
export interface StatusReport {
  readonly schemaVersion: typeof STATUS_SCHEMA_VERSION;
  readonly command: 'status';
  readonly version: string;
  readonly project: string;
  /** The project of the last run, as in its report; null where that is not known. */
  readonly backend: ReportedBackend | null;
  /** The database of the last run, as in its report; null where that is not known. */
  readonly database: ReportedDatabase | null;
  /** `cut-short`: it began and neither ended nor goes on. */
  readonly outcome: 'never-ran' | 'running' | 'cut-short' | 'interrupted' | 'failed' | 'succeeded';
  /** 1 where the last run failed or did not get to its end. */
  readonly exitCode: 0 | 1;
  /** ISO 8601, UTC; of the last run, null where there was none. */
  readonly startedAt: string | null;
  /** null where it has not ended, as far as is known. */
  readonly endedAt: string | null;
  /** Of a run that goes on, or was cut short. */
  readonly pid: number | null;
  /** The step that failed. */
  readonly step: FailedStep | null;
  readonly logFile: string | null;
  /** What to type next; null: nothing. */
  readonly next: string | null;
}

export interface FailedStep {
  readonly id: string;
  readonly title: string;
  readonly code: string | null;
  readonly message: string;
  readonly hint: string | null;
}
