import { failedStep } from '../core/failed-step.ts';
import type { RunReport } from '../core/report.ts';
import { shellWord } from '../core/shell-word.ts';
import { STATUS_SCHEMA_VERSION, type StatusReport } from '../core/status-report.ts';
import type { RunState } from './run-state.ts';

export interface StatusPlace {
  readonly version: string;
  readonly project: string;
}

/** The status of a checkout from how its last run stands. Pure. */
export const statusOf = (state: RunState, place: StatusPlace): StatusReport => {
  const about = { schemaVersion: STATUS_SCHEMA_VERSION, command: 'status', ...place } as const;
  switch (state.kind) {
    case 'never':
      return { ...about, ...NOTHING_KNOWN, outcome: 'never-ran', exitCode: 0, next: 'npx devsetup' };
    case 'running': {
      const { startedAt, pid, logFile = null } = state.mark;
      const next = logFile === null ? null : `tail -f ${shellWord(logFile)}`;
      return { ...about, ...NOTHING_KNOWN, outcome: 'running', exitCode: 0, startedAt, pid, logFile, next };
    }
    case 'cut-short': {
      const { startedAt, pid, logFile = null } = state.mark;
      const next = 'npx devsetup';
      return { ...about, ...NOTHING_KNOWN, outcome: 'cut-short', exitCode: 1, startedAt, pid, logFile, next };
    }
    case 'ended':
      return { ...about, ...NOTHING_KNOWN, ...ended(state.report) };
  }
};

const NOTHING_KNOWN = {
  backend: null,
  database: null,
  startedAt: null,
  endedAt: null,
  pid: null,
  step: null,
  logFile: null,
  next: null,
} as const;

const ended = (
  report: RunReport,
): Pick<
  StatusReport,
  'backend' | 'database' | 'outcome' | 'exitCode' | 'startedAt' | 'endedAt' | 'step' | 'logFile' | 'next'
> => {
  const { outcome, startedAt, milliseconds, logFile } = report;
  const isBad = outcome === 'failed' || outcome === 'interrupted';
  const flags = report.database?.embedded === true ? ' --db embedded' : '';
  return {
    backend: report.backend ?? null,
    database: report.database ?? null,
    outcome: isBad ? outcome : 'succeeded',
    exitCode: isBad ? 1 : 0,
    startedAt,
    endedAt: endOf(startedAt, milliseconds),
    step: isBad ? failedStep(report) : null,
    logFile,
    next:
      outcome === 'failed' ? `npx devsetup doctor${flags}` : outcome === 'interrupted' ? `npx devsetup${flags}` : null,
  };
};

const endOf = (startedAt: string, milliseconds: number): string | null => {
  const end = new Date(Date.parse(startedAt) + milliseconds);
  return Number.isNaN(end.getTime()) ? null : end.toISOString();
};
