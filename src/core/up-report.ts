import type { StatusReport } from './status-report.ts';

export const UP_SCHEMA_VERSION = 1;

/** The document `devsetup up --json` prints. */
export interface UpReport {
  readonly schemaVersion: typeof UP_SCHEMA_VERSION;
  readonly command: 'up';
  readonly version: string;
  readonly project: string;
  readonly outcome: 'success' | 'failed' | 'interrupted';
  readonly exitCode: number;
  readonly milliseconds: number;
  /** What the dev container program said at its end, as it said it; null: it was not started, or said nothing. */
  readonly devcontainer: DevContainerOutcome | null;
  /** A command that opens a shell in the container; null: there is none. */
  readonly enter: string | null;
  /** How the last run of devsetup in the container stands; null: it cannot be told. */
  readonly setup: Pick<StatusReport, 'outcome' | 'step' | 'logFile'> | null;
  readonly error: UpError | null;
}

/** Of the reference implementation; further properties come and go with its versions. */
export interface DevContainerOutcome {
  readonly outcome: string;
  readonly message?: string | undefined;
  readonly description?: string | undefined;
  readonly containerId?: string | undefined;
  readonly composeProjectName?: string | undefined;
  readonly remoteUser?: string | undefined;
  readonly remoteWorkspaceFolder?: string | undefined;
}

export interface UpError {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  /** The last lines of what failed. */
  readonly output: readonly string[];
}
