import type { StepResult } from './step.ts';

export const REPORT_SCHEMA_VERSION = 1;

export interface ReportedDatabase {
  /** Key of DATABASES; null where Django did not have to be asked, or did not start. */
  readonly alias: string | null;
  /** `host:port/name`; null as above, and where it is a file. */
  readonly address: string | null;
  /** It is the PostgreSQL that devsetup runs for this checkout. */
  readonly embedded: boolean;
}

export interface ReportedBackend {
  /** Relative to the root. */
  readonly managePy: string;
  /** Where there are several projects: why this one, which others there are, and how to choose; null: there is no other. */
  readonly choice: string | null;
}

/** The document `devsetup --json` prints and the state directory keeps as `last-run.json`. */
export interface RunReport {
  readonly schemaVersion: typeof REPORT_SCHEMA_VERSION;
  readonly command: string;
  readonly version: string;
  readonly project: string;
  readonly outcome: 'done' | 'unchanged' | 'would-change' | 'failed' | 'interrupted';
  readonly exitCode: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly milliseconds: number;
  /** How often Django was started; 1 for a full run that forks. */
  readonly djangoStarts: number;
  readonly logFile: string | null;
  /** The database that was worked on; absent in reports of earlier versions. */
  readonly database?: ReportedDatabase | undefined;
  /** The project that was set up; absent in reports of earlier versions, and where none was found. */
  readonly backend?: ReportedBackend | undefined;
  readonly steps: readonly StepResult[];
  /** Things outside a step that the user must see. */
  readonly warnings: readonly string[];
  /** Of `devsetup migrate` only: as typed; null: none was named. */
  readonly environment?: string | null;
  /** Of `devsetup migrate` only; null: there are no shards. */
  readonly shard?: { readonly index: number; readonly count: number } | null;
}

/** Where the embedded PostgreSQL is chosen: the settings use another server. */
export const DATABASE_NOT_EMBEDDED = 'DATABASE_NOT_EMBEDDED';

/** The settings use the embedded PostgreSQL, as far as the run has come. */
export const usesEmbedded = (report: RunReport): boolean =>
  report.database?.embedded === true && !hasFailedWith(report, DATABASE_NOT_EMBEDDED);

/** A run, and no dry one, after which this checkout uses the embedded PostgreSQL until another choice is made. */
export const isOnEmbedded = (report: RunReport): boolean =>
  report.command !== 'dry-run' &&
  usesEmbedded(report) &&
  report.steps.some(({ id, status }) => id === 'database' && ['changed', 'unchanged'].includes(status));

export const hasFailedWith = ({ steps }: Pick<RunReport, 'steps'>, ...codes: readonly string[]): boolean =>
  steps.some(({ failure }) => failure !== null && codes.includes(failure.code));
