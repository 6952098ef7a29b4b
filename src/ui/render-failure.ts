import { groupFailed, groupNotAttempted } from '../core/failed-step.ts';
import type { RunReport } from '../core/report.ts';
import { BUG_CODE, INTERRUPTED_CODE } from '../core/run-steps.ts';
import type { StepResult } from '../core/step.ts';
import { formatDuration } from './format-duration.ts';
import type { Palette } from './palette.ts';
import { atMost, textBlock } from './text-block.ts';

export interface FailureOptions {
  readonly columns: number | undefined;
  readonly repeatCommand?: string;
}

const MOST_OUTPUT = 20;
const MOST_DETAILS = 20;

/**
 * For every failed step its name, the cause in words, the last lines of its command's own output and what to type; then what was
 * not attempted because of it, the log file, and that a re-run is safe.
 */
export const renderFailures = (report: RunReport, options: FailureOptions, palette: Palette): readonly string[] => {
  if (report.outcome !== 'failed' && report.outcome !== 'interrupted') return [];
  const blocks = [
    ...groupFailed(report.steps).map(({ first, subject }) => renderFailed(first, subject, options, palette)),
    renderNotAttempted(report.steps, options, palette),
    renderAgain(report, options),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, index) => (index === 0 ? block : ['', ...block]));
};

const renderFailed = (
  step: StepResult,
  subject: string,
  { columns }: FailureOptions,
  palette: Palette,
): readonly string[] => {
  const { failure } = step;
  const interrupted = failure?.code === INTERRUPTED_CODE;
  const paint = interrupted ? palette.yellow : palette.red;
  const heading = `${subject}: ${interrupted ? 'interrupted' : 'failed'} after ${formatDuration(step.milliseconds)}`;
  const lines = textBlock(heading, { columns, paint: (line) => palette.bold(paint(line)) });
  if (failure === null) return [...lines, ...textBlock(step.message, { columns, indent: 2 })];
  if (!interrupted) lines.push(...textBlock(failure.message, { columns, indent: 2 }));
  lines.push(...atMost(step.details, MOST_DETAILS).flatMap((detail) => textBlock(detail, { columns, indent: 4 })));
  if (failure.output.length > 0) {
    lines.push(
      failure.code === BUG_CODE ? '  Where it happened:' : '  Last lines of its output:',
      ...outputOf(failure.output, columns),
    );
  }
  if (failure.hint !== null && !interrupted) {
    lines.push(...textBlock(`What to do: ${failure.hint}`, { columns, indent: 2 }));
  }
  return lines;
};

/** The last lines of a command's output, marked as such. */
export const outputOf = (output: readonly string[], columns: number | undefined): readonly string[] =>
  output.slice(-MOST_OUTPUT).flatMap((line) => textBlock(line, { columns, indent: 2, bullet: '| ' }));

const renderNotAttempted = (
  steps: readonly StepResult[],
  { columns }: FailureOptions,
  palette: Palette,
): readonly string[] => {
  const groups = groupNotAttempted(steps);
  if (groups.length === 0) return [];
  const lines = groups.flatMap(({ titles, reason }) =>
    textBlock(reason === null ? titles : `${titles}: ${reason}`, { columns, indent: 2 }),
  );
  return [palette.bold('Not attempted'), ...lines];
};

const renderAgain = (
  report: RunReport,
  { columns, repeatCommand = 'npx devsetup' }: FailureOptions,
): readonly string[] => {
  const log = report.logFile === null ? [] : textBlock(`Log: ${report.logFile}`, { columns });
  const safe = 'Running it again is safe: what is done stays done. To repeat:';
  return [...log, ...textBlock(safe, { columns }), `  ${repeatCommand}`];
};
