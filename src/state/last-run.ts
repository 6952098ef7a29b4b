import type { RunReport } from '../core/report.ts';
import { REPORT_SCHEMA_VERSION } from '../core/report.ts';
import { isRunning, type ProcessMark } from './process-identity.ts';
import type { StateStore } from './state-store.ts';

const LAST_RUN = 'last-run';
const RUNNING = 'running';

/** That a run has begun: without a report from the same moment or later, it was cut short or goes on. */
export interface RunningMark extends ProcessMark {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly logFile?: string | null;
}

export const markRunning = (store: StateStore, mark: RunningMark): void => store.write(RUNNING, mark);

/** Keeps the outcome of a run as `last-run.json` and takes back its mark. */
export const recordLastRun = (store: StateStore, report: RunReport, pid: number): void => {
  store.write(LAST_RUN, report);
  const mark = readRunning(store);
  // Two runs at once: the mark may be the other one's, which goes on. One that was killed is history.
  if (mark !== undefined && (mark.pid === pid || !isRunning(mark))) store.remove(RUNNING);
};

/** The last report, or undefined where there is none or one of another version of the format. */
export const readLastRun = (store: StateStore): RunReport | undefined => {
  const found = store.read(LAST_RUN);
  return isObject(found) && found['schemaVersion'] === REPORT_SCHEMA_VERSION
    ? (found as unknown as RunReport)
    : undefined;
};

export const readRunning = (store: StateStore): RunningMark | undefined => {
  const found = store.read(RUNNING);
  if (!isObject(found)) return undefined;
  const { pid, startedAt, processStart, logFile } = found;
  if (typeof pid !== 'number' || typeof startedAt !== 'string') return undefined;
  return {
    pid,
    startedAt,
    ...(typeof processStart === 'string' ? { processStart } : {}),
    ...(typeof logFile === 'string' ? { logFile } : {}),
  };
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
