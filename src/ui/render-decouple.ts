import type { DecoupleReport, MovedPart } from '../core/decouple-report.ts';
import { createPalette } from './palette.ts';
import { renderDiff, type DiffFacts } from './render-diff.ts';
import { renderSettings } from './render-settings.ts';
import { textBlock } from './text-block.ts';

export interface DecoupleTextOptions {
  readonly columns: number | undefined;
  readonly color: boolean;
  /** Masks secrets in a line: a workflow may hold some. */
  readonly redact: (line: string) => string;
}

/** The whole difference, file by file, and the table of what moves. */
export const renderDecouplePlan = (
  files: readonly DiffFacts[],
  moved: readonly MovedPart[],
  text: DecoupleTextOptions,
): string => {
  const palette = createPalette(text.color);
  const diffs = files.flatMap((file) => [...renderDiff(file, palette).map((line) => text.redact(line).trimEnd()), '']);
  const rows = moved.flatMap(({ what, from, to }) => [
    ...textBlock(what, { columns: text.columns, indent: 2, paint: palette.bold }),
    ...textBlock(from, { columns: text.columns, indent: 4, bullet: 'was  ' }),
    ...textBlock(to, { columns: text.columns, indent: 4, bullet: 'now  ' }),
  ]);
  return `${[...diffs, palette.bold('What was where, and where it is now:'), ...rows.map(text.redact), ''].join('\n')}\n`;
};

const HEADLINES: Readonly<Record<DecoupleReport['outcome'], string>> = {
  done: 'Migrations have a job of their own now.',
  unchanged: 'Nothing to change.',
  'would-change': 'Dry run: nothing was written.',
  declined: 'Nothing was written.',
  interrupted: 'Interrupted. Nothing was written.',
};

const headlineOf = ({ outcome, left, moved }: DecoupleReport): string => {
  if (outcome === 'unchanged' && left.length > 0) return 'Nothing was changed.';
  if (outcome === 'done' && moved.every(({ what }) => what.startsWith('image of ')))
    return 'Deployments take images by the commit now.';
  return HEADLINES[outcome];
};

/** The last screen: what was written, what stays as it is and why, what to set and type next. */
export const renderDecoupleReport = (report: DecoupleReport, text: DecoupleTextOptions): string => {
  const palette = createPalette(text.color);
  const { columns } = text;
  const paint = report.exitCode === 0 ? palette.green : palette.yellow;
  return `${[
    ...textBlock(headlineOf(report), { columns, paint: (line) => palette.bold(paint(line)) }),
    ...report.files.filter(({ written }) => written).map(({ path, action }) => `  ${action}d  ${path}`),
    ...(report.left.length === 0 ? [] : ['', 'Left as it is:']),
    ...report.left.flatMap(({ file, line, what, why, remedy }) => [
      ...textBlock(`${file}:${line}: ${what}: ${why}.`, { columns, indent: 2 }),
      ...textBlock(remedy, { columns, indent: 4, bullet: '→ ' }),
    ]),
    ...report.notes.flatMap((note) => textBlock(`Note: ${note}`, { columns, indent: 2 })),
    ...renderSettings(report.settings),
    ...(report.next.length > 0 ? ['', 'Next:', ...report.next.map((command) => `  ${command}`)] : []),
  ]
    .map(text.redact)
    .join('\n')}\n`;
};
