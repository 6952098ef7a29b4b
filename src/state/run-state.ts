import type { RunReport } from '../core/report.ts';
import { readLastRun, readRunning, type RunningMark } from './last-run.ts';
import { isRunning } from './process-identity.ts';
import type { StateStore } from './state-store.ts';

/** How the last run of a checkout stands. */
export type RunState =
  | { readonly kind: 'never' }
  | { readonly kind: 'running'; readonly mark: RunningMark }
  /** It began and neither ended nor goes on: killed, or the machine went down. */
  | { readonly kind: 'cut-short'; readonly mark: RunningMark }
  | { readonly kind: 'ended'; readonly report: RunReport };

export const readRunState = (store: StateStore): RunState => {
  const mark = readRunning(store);
  if (mark !== undefined) return { kind: isRunning(mark) ? 'running' : 'cut-short', mark };
  const report = readLastRun(store);
  return report === undefined ? { kind: 'never' } : { kind: 'ended', report };
};
