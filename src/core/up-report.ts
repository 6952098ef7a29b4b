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
  /** What took how long, in its order. */
  readonly stages: readonly UpStage[];
  /** A command that opens a shell in the container; null: there is none. */
  readonly enter: string | null;
  /** null: there is no container, or it did not come up. */
  readonly site: Site | null;
  /** How the last run of devsetup in the container stands; null: it cannot be told. */
  readonly setup: Pick<StatusReport, 'outcome' | 'step' | 'logFile'> | null;
  /** What every stage printed; null: there is none. */
  readonly logFile: string | null;
  readonly error: UpError | null;
}

export interface UpStage {
  /** `build`, `start`, a lifecycle command such as `postCreateCommand`, or `check`. */
  readonly id: string;
  readonly title: string;
  readonly milliseconds: number;
}

/** How the site in the container is reached from the host. */
export interface Site {
  /** null: no port of the container is published. */
  readonly url: string | null;
  /** Something answers there already. */
  readonly answers: boolean;
  /** Starts the server, typed on the host; null: there is no manage.py, or several. */
  readonly start: string | null;
  /** How to publish a port; null: one is. */
  readonly publish: string | null;
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
