import { groupBy } from '../core/group-by.ts';
import type { RunReport } from '../core/report.ts';
import type { StepResult, StepStatus } from '../core/step.ts';
import { formatDuration } from './format-duration.ts';
import { isShownEntirely } from './live-rows.ts';
import type { Palette } from './palette.ts';
import { createPalette } from './palette.ts';
import { renderFailures } from './render-failure.ts';
import { atMost, textBlock } from './text-block.ts';

export interface SummaryOptions {
  /** Of the terminal the text goes to; undefined: it is none, nothing is wrapped. */
  readonly columns: number | undefined;
  readonly color: boolean;
  /** What the user can type now that everything is done. */
  readonly nextCommands?: readonly string[];
  /** How this run is repeated, for failures. Default `npx devsetup`. */
  readonly repeatCommand?: string;
  /** --if-needed: where nothing was to do, only warnings are added to the line that says so. */
  readonly brief?: boolean;
  /** The live tree stands above with a line for each step: what that shows is not repeated. */
  readonly isBelowTree?: boolean;
  /** Steps that do not apply to this project and details of what did not change, too. */
  readonly verbose?: boolean;
}

/** What a run ends with: what changed, what did not, how long it took, what to type next; on failure what is needed then. */
export const renderSummary = (report: RunReport, options: SummaryOptions): string => {
  const palette = createPalette(options.color);
  const { columns } = options;
  const headline = textBlock(headlineOf(report), { columns, paint: paintOf(report, palette) });
  if (report.outcome === 'unchanged' && options.verbose !== true)
    return [...headline, ...worthKnowing(report, options, palette), ''].join('\n');
  const sections = [
    headline,
    ...SECTIONS.map(({ status, heading }) => sectionOf(status, heading, report, options, palette)),
    warningsOf(report, options, palette),
    renderFailures(report, options, palette),
    nextOf(report, options, palette),
  ].filter((section) => section.length > 0);
  return `${sections.map((section) => section.join('\n')).join('\n\n')}\n`;
};

/** Where nothing was to do: one line for each warning, for a step that could not be judged, and for what to type next. */
const worthKnowing = (report: RunReport, options: SummaryOptions, palette: Palette): readonly string[] => {
  const { columns, brief, nextCommands = [] } = options;
  const warnings = [...report.warnings, ...report.steps.flatMap((step) => step.warnings)].flatMap((text) =>
    textBlock(`warning: ${text}`, { columns, paint: palette.yellow }),
  );
  if (brief === true) return warnings;
  const skipped = [...groupBy(ofStatus(report, 'skipped'), ({ message }) => message)].flatMap(([message, steps]) =>
    textBlock(`${titlesOf(steps)}: skipped: ${message}`, { columns }),
  );
  return [...warnings, ...skipped, ...nextCommands.map((command) => `Next: ${command}`)];
};

const ofStatus = ({ steps }: RunReport, wanted: StepStatus): readonly StepResult[] =>
  steps.filter(({ status }) => status === wanted);

const titlesOf = (steps: readonly StepResult[]): string => steps.map(({ title }) => title).join(', ');

const headlineOf = (report: RunReport): string => {
  const time = formatDuration(report.milliseconds);
  const count = (status: StepStatus): number => ofStatus(report, status).length;
  const steps = (number: number): string => (number === 1 ? '1 step' : `${number} steps`);
  switch (report.outcome) {
    case 'unchanged':
      return `Nothing to do: everything is in place (${time})`;
    case 'done':
      return `Done in ${time}: ${steps(count('changed'))} changed, ${count('unchanged')} unchanged`;
    case 'would-change':
      return `Dry run, nothing was changed: ${steps(count('would-change'))} would change (${time})`;
    case 'interrupted':
      return `Interrupted after ${time}: ${steps(count('changed') + count('unchanged'))} done, the rest is not`;
    case 'failed':
      return `Failed after ${time}`;
  }
};

const paintOf = (report: RunReport, palette: Palette) => (line: string) => {
  const color = report.outcome === 'failed' ? palette.red : report.exitCode === 0 ? palette.green : palette.yellow;
  return palette.bold(color(line));
};

const SECTIONS: readonly { readonly status: StepStatus; readonly heading: string }[] = [
  { status: 'would-change', heading: 'Would change' },
  { status: 'changed', heading: 'Changed' },
  { status: 'unchanged', heading: 'Unchanged' },
  { status: 'not-applicable', heading: 'Not applicable' },
  { status: 'skipped', heading: 'Skipped' },
];

const MOST_DETAILS = 20;

const sectionOf = (
  status: StepStatus,
  heading: string,
  report: RunReport,
  options: SummaryOptions,
  palette: Palette,
): readonly string[] => {
  const steps = ofStatus(report, status).filter((step) => !isRepeated(step, options));
  if (steps.length === 0 || (status === 'not-applicable' && options.verbose !== true)) return [];
  const { columns } = options;
  const body =
    status === 'unchanged' && options.verbose !== true
      ? textBlock(titlesOf(steps), { columns, indent: 2 })
      : steps.flatMap((step) => describeStep(step, columns));
  return [palette.bold(heading), ...body];
};

/** Whether the tree has said all that there is to say about the step. */
const isRepeated = (step: StepResult, { isBelowTree, verbose, columns = Infinity }: SummaryOptions): boolean =>
  isBelowTree === true &&
  verbose !== true &&
  (step.status === 'unchanged' ||
    (step.details.length === 0 && step.actions.length === 0 && isShownEntirely(step, columns)));

const describeStep = (step: StepResult, columns: number | undefined): readonly string[] => {
  const time = step.status === 'changed' ? ` (${formatDuration(step.milliseconds)})` : '';
  return [
    ...textBlock(`${step.title}: ${step.message}${time}`, { columns, indent: 2 }),
    ...atMost(step.details, MOST_DETAILS).flatMap((detail) => textBlock(detail, { columns, indent: 4 })),
    ...step.actions.flatMap((action) => textBlock(action, { columns, indent: 4, bullet: '→ ' })),
  ];
};

const warningsOf = (report: RunReport, { columns }: SummaryOptions, palette: Palette): readonly string[] => {
  const texts = [
    ...report.steps.flatMap((step) => step.warnings.map((text) => `${step.title}: ${text}`)),
    ...report.warnings,
  ];
  if (texts.length === 0) return [];
  const lines = atMost(texts, MOST_DETAILS).flatMap((text) =>
    textBlock(text, { columns, indent: 2, paint: palette.yellow }),
  );
  return [palette.bold('Warnings'), ...lines];
};

const nextOf = (report: RunReport, options: SummaryOptions, palette: Palette): readonly string[] => {
  const commands = options.nextCommands ?? [];
  if (commands.length === 0 || (report.outcome !== 'done' && report.outcome !== 'unchanged')) return [];
  // Commands are not wrapped: the terminal does that in a way that can be copied.
  return [palette.bold('Next'), ...commands.map((command) => `  ${command}`)];
};
