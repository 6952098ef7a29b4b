import type { UpError } from './up-report.ts';

export const DOWN_SCHEMA_VERSION = 1;

/** The document `devsetup down --json` prints. */
export interface DownReport {
  readonly schemaVersion: typeof DOWN_SCHEMA_VERSION;
  readonly command: 'down';
  readonly version: string;
  readonly project: string;
  /** `unchanged`: there was nothing to stop or remove · `declined`: the answer was no, nothing was changed. */
  readonly outcome: 'done' | 'unchanged' | 'declined' | 'failed' | 'interrupted';
  readonly exitCode: number;
  /** Services of compose, else names of containers. */
  readonly stopped: readonly string[];
  readonly removed: readonly string[];
  readonly volumes: { readonly kept: readonly string[]; readonly deleted: readonly string[] };
  readonly error: UpError | null;
}
