import type { RunReport } from '../core/report.ts';
import { REPORT_SCHEMA_VERSION } from '../core/report.ts';
import {
  hasShape,
  isCount,
  isExactly,
  isListOf,
  isOptional,
  isOrNull,
  isProcessNumber,
  isRecord,
  isText,
  isTexts,
  type Guard,
} from '../core/shape.ts';
import { isFailure, type StepResult } from '../core/step.ts';
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

/** The last report, or undefined where there is none, or one that this devsetup does not understand. */
export const readLastRun = (store: StateStore): RunReport | undefined => {
  const found = store.read(LAST_RUN);
  return isReport(found) ? found : undefined;
};

export const readRunning = (store: StateStore): RunningMark | undefined => {
  const found = store.read(RUNNING);
  if (!isMark(found)) return undefined;
  const { pid, startedAt, processStart, logFile } = found;
  return {
    pid,
    startedAt,
    ...(typeof processStart === 'string' ? { processStart } : {}),
    ...(typeof logFile === 'string' ? { logFile } : {}),
  };
};

const isMark = hasShape({
  pid: isProcessNumber,
  startedAt: isText,
  processStart: isOptional(isOrNull(isText)),
  logFile: isOptional(isOrNull(isText)),
});

const isStepResult: Guard<StepResult> = hasShape({
  id: isText,
  title: isText,
  status: isExactly('unchanged', 'changed', 'would-change', 'not-applicable', 'skipped', 'failed', 'not-attempted'),
  message: isText,
  details: isTexts,
  actions: isTexts,
  warnings: isTexts,
  milliseconds: isCount,
  failure: isOrNull(isFailure),
  data: isRecord,
});

/** As far as what reads a report relies on it; what else is in it is not looked at. */
const isReport = hasShape({
  schemaVersion: isExactly(REPORT_SCHEMA_VERSION),
  command: isText,
  version: isText,
  project: isText,
  outcome: isExactly('done', 'unchanged', 'would-change', 'failed', 'interrupted'),
  exitCode: isCount,
  startedAt: isText,
  milliseconds: isCount,
  djangoStarts: isCount,
  logFile: isOrNull(isText),
  database: isOptional(
    hasShape({ alias: isOrNull(isText), address: isOrNull(isText), embedded: isExactly(true, false) }),
  ),
  backend: isOptional(hasShape({ managePy: isText, choice: isOrNull(isText) })),
  steps: isListOf(isStepResult),
  warnings: isTexts,
}) satisfies Guard<RunReport>;
