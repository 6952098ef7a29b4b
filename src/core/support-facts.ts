import type { RunReport } from './report.ts';

/** What somebody who helps asks first, beside what the doctor found. */
export interface SupportFacts {
  /** In the order they are shown; `value` is a version, or why there is none. */
  readonly versions: readonly { readonly name: string; readonly value: string }[];
  /** null: there was none. */
  readonly lastRun: Pick<RunReport, 'command' | 'version' | 'outcome' | 'startedAt' | 'milliseconds' | 'steps'> | null;
  /** The end of the last run's log; null: there is none that is ours. */
  readonly log: { readonly path: string; readonly lines: readonly string[] } | null;
}
