import type { AppliedFix } from '../core/doctor-report.ts';
import type { PlannedFix } from '../core/planned-fix.ts';
import { createPalette, type Palette } from './palette.ts';
import { renderDiff } from './render-diff.ts';
import { textBlock } from './text-block.ts';

export interface FixTextOptions {
  /** Of the terminal the text goes to; undefined: it is none, nothing is wrapped. */
  readonly columns: number | undefined;
  readonly color: boolean;
}

/** What is about to be done: the actions of a step, or the difference an edit makes. */
export const renderPlannedFix = (fix: PlannedFix, { columns, color }: FixTextOptions): string => {
  const palette = createPalette(color);
  const heading = textBlock(`Fix: ${fix.action}`, { columns, paint: palette.bold });
  const mends = textBlock(`for ${fix.codes.join(', ')}`, { columns, indent: 2, paint: palette.dim });
  const body =
    fix.by === 'edit'
      ? renderDiff(fix, palette).map((line) => `    ${line}`.trimEnd())
      : fix.actions.flatMap((action) => textBlock(action, { columns, indent: 4, bullet: '→ ' }));
  return `${['', ...heading, ...mends, ...body].join('\n')}\n`;
};

/** What became of it: one line. */
export const renderAppliedFix = (fix: AppliedFix, { columns, color }: FixTextOptions): string =>
  `${appliedLines(fix, createPalette(color), columns).join('\n')}\n`;

export const appliedLines = (
  { action, outcome, message }: AppliedFix,
  palette: Palette,
  columns: number | undefined,
  indent = 0,
): readonly string[] => {
  const mark = { done: palette.green('✔'), failed: palette.red('✖'), declined: palette.dim('–') }[outcome];
  const word = { done: 'done', failed: 'failed', declined: 'not wanted' }[outcome];
  const [first = '', ...rest] = textBlock(`${action}: ${message === null ? word : `${word}: ${message}`}`, {
    columns,
    indent: indent + 2,
  });
  return [`${' '.repeat(indent)}${mark} ${first.trimStart()}`, ...rest];
};
