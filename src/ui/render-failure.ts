import { subjectOf } from '../core/failed-step.ts';
import { groupBy } from '../core/group-by.ts';
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
  const failed = report.steps.filter((step) => step.status === 'failed');
  const blocks = [
    ...[...groupBy(failed, causeOf).values()].map((same) => renderFailed(same, options, palette)),
    renderNotAttempted(report.steps, options, palette),
    renderAgain(report, options),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, index) => (index === 0 ? block : ['', ...block]));
};

/** Steps that failed for the same reason are reported together. */
const causeOf = ({ id, failure }: StepResult): string =>
  failure === null || failure.code === INTERRUPTED_CODE ? id : JSON.stringify(failure);

const renderFailed = (
  [step, ...others]: readonly [StepResult, ...StepResult[]],
  { columns }: FailureOptions,
  palette: Palette,
): readonly string[] => {
  const { failure } = step;
  const interrupted = failure?.code === INTERRUPTED_CODE;
  const paint = interrupted ? palette.yellow : palette.red;
  const titles = [...new Set([step, ...others].map(subjectOf))].join(', ');
  const heading = `${titles}: ${interrupted ? 'interrupted' : 'failed'} after ${formatDuration(step.milliseconds)}`;
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
  const waiting = steps.filter((step) => step.status === 'not-attempted');
  if (waiting.length === 0) return [];
  const groups = [...groupBy(waiting, ({ message }) => message)];
  const lines = groups.flatMap(([message, same]) => {
    const titles = same.map(({ title }) => title).join(', ');
    // The one cause stands right above.
    return textBlock(groups.length === 1 ? titles : `${titles}: ${message}`, { columns, indent: 2 });
  });
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
