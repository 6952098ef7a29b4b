import { describeAge } from '../core/describe-age.ts';
import type { StatusReport } from '../core/status-report.ts';
import { displayWidth } from './fit-text.ts';
import { toPlainLine } from './plain-text.ts';
import { textBlock } from './text-block.ts';

/** The last run in a few lines: how it ended · what of it · the database, if it is devsetup's own · where the log is and what to type next. */
export const renderStatus = (report: StatusReport, now: Date, columns?: number): string => {
  const lines = [headline(report, now), detail(report), database(report)].filter((line) => line !== '');
  return [...lines.flatMap((line) => textBlock(line, { columns })), ...whereNext(report, columns)]
    .map((line) => `${line}\n`)
    .join('');
};

const headline = ({ outcome, startedAt, endedAt, pid }: StatusReport, now: Date): string => {
  const began = startedAt === null ? '' : describeAge(startedAt, now);
  switch (outcome) {
    case 'never-ran':
      return 'devsetup has not run in this checkout yet.';
    case 'running':
      return `The setup is running: it started ${began} (pid ${pid ?? '?'}).`;
    case 'cut-short':
      return `The last setup was cut short: it started ${began} (pid ${pid ?? '?'}) and did not finish.`;
    case 'interrupted':
    case 'failed':
    case 'succeeded': {
      const how = outcome === 'interrupted' ? 'was interrupted' : outcome;
      return `The last setup ${how} ${describeAge(endedAt ?? startedAt ?? '', now)}.`;
    }
  }
};

const detail = ({ outcome, project, step, backend }: StatusReport): string => {
  if (step !== null) return `${step.title}: ${step.message}`;
  if (typeof backend?.choice === 'string') return backend.choice;
  return outcome === 'failed' ? 'No step failed: the log says why.' : `Checkout: ${project}`;
};

const database = (report: StatusReport): string =>
  report.database?.embedded === true ? 'Database: the embedded PostgreSQL of this checkout' : '';

/** On one line if there is room for it. The command to type is never broken. */
const whereNext = ({ logFile, next }: StatusReport, columns = Number.POSITIVE_INFINITY): readonly string[] => {
  const log = logFile === null ? [] : [toPlainLine(`Log: ${logFile}`)];
  const parts = [...log, ...(next === null ? [] : [toPlainLine(`Next: ${next}`)])];
  const joined = parts.join(' · ');
  if (parts.length === 0 || displayWidth(joined) <= columns) return parts.length === 0 ? [] : [joined];
  return [...log.flatMap((line) => textBlock(line, { columns })), ...parts.slice(log.length)];
};
