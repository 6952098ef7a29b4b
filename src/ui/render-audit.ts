import type { RuleId } from '../core/rule-ids.ts';
import type { AuditReport, AuditSummary, ReportedFault } from '../core/audit-report.ts';
import type { Severity } from '../core/check.ts';
import { groupBy } from '../core/group-by.ts';
import { redactDeep } from '../core/redact-deep.ts';
import { rulePage } from '../core/rule-pattern.ts';
import { escapeControls } from '../core/visible-text.ts';
import { createPalette, type Palette } from './palette.ts';
import { renderSourceLine } from './render-source-line.ts';
import { displayWidth } from './fit-text.ts';
import { textBlock } from './text-block.ts';

export interface AuditTextOptions {
  /** Of the terminal the text goes to; undefined: it is none, nothing is wrapped. */
  readonly columns: number | undefined;
  readonly color: boolean;
  /** Silenced findings, too. */
  readonly verbose: boolean;
  /** How the user reaches a page of the package from where they are. */
  readonly docsPath: (docs: string) => string;
  /** How the user types devsetup. */
  readonly devsetup: string;
  /** The line of a file each finding is on, secrets masked; in the order of the findings. */
  readonly lines: readonly (string | null)[];
  /** Characters of each line that were cut before it. */
  readonly skipped?: readonly number[];
  /** Shown before the counts. */
  readonly notes: readonly string[];
}

const WORDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** A section a file, a block a finding; last the counts, and what to type next. */
export const renderAudit = (found: AuditReport, options: AuditTextOptions): string => {
  // Names of files and jobs come from the workflows, which may be hostile.
  const report = redactDeep(found, escapeControls);
  const palette = createPalette(options.color);
  const shown = report.findings
    .map((fault, index) => ({ fault, line: options.lines[index] ?? null, skipped: options.skipped?.[index] ?? 0 }))
    .filter(({ fault }) => options.verbose || fault.suppressed === null);
  const sections = [...groupBy(shown, ({ fault }) => fault.file)].map(([file, faults]) => [
    palette.bold(file),
    ...faults.flatMap(({ fault, line, skipped }) => ['', ...renderFault(fault, line, skipped, palette, options)]),
    '',
  ]);
  const images = renderImages(report, palette);
  const notes = options.notes.flatMap((note) => textBlock(note, { columns: options.columns, paint: palette.dim }));
  return `${[...images, ...sections.flat(), ...notes, ...renderEnd(report, palette, options)].join('\n')}\n`;
};

const paintOf = (severity: Severity, palette: Palette): ((text: string) => string) =>
  ({ error: palette.red, warning: palette.yellow, info: (text: string) => text })[severity];

const renderFault = (
  fault: ReportedFault,
  line: string | null,
  skipped: number,
  palette: Palette,
  { columns, docsPath }: AuditTextOptions,
): readonly string[] => {
  const { rule, severity, file, suppressed, message, evidence, fix } = fault;
  const paint = paintOf(severity, palette);
  const where = [fault.job === null ? '' : `job ${fault.job}`, fault.step === null ? '' : `step ${fault.step}`]
    .filter((part) => part !== '')
    .join(', ');
  const silenced =
    suppressed === null
      ? ''
      : ` (silenced by ${suppressed.by}${suppressed.reason === '' ? '' : `: ${suppressed.reason}`})`;
  const place = `${file}:${fault.line}:${fault.column}`;
  const kind = `${WORDS[severity]} ${rule}`;
  const isNarrow = columns !== undefined && columns > 0 && displayWidth(`${place}  ${kind}${silenced}`) > columns;
  return [
    ...(isNarrow
      ? [place, ...textBlock(`${kind}${silenced}`, { columns, indent: 2, paint: (text) => palette.bold(paint(text)) })]
      : [`${place}  ${palette.bold(paint(kind))}${palette.dim(silenced)}`]),
    ...(line === null ? [] : renderSourceLine(line, fault, { skipped, columns, dim: palette.dim, paint })),
    ...textBlock(message, { columns, indent: 2 }),
    ...(where === '' ? [] : textBlock(`in ${where}`, { columns, indent: 4, paint: palette.dim })),
    ...evidence.flatMap((one) => textBlock(describeEvidence(one, file), { columns, indent: 4, paint: palette.dim })),
    ...textBlock(fix.text, { columns, indent: 2, bullet: '→ ' }),
    `  ${palette.dim(docsPath(rulePage(rule)))}`,
  ];
};

const describeEvidence = (one: ReportedFault['evidence'][number], file: string): string => {
  if (one.line === null) return one.text;
  return `${one.text} (${one.file === file ? `line ${one.line}` : `${one.file}:${one.line}`})`;
};

const MISPLACED: ReadonlySet<string> = new Set<RuleId>([
  'migrate/inline-in-deploy',
  'migrate/hidden-in-script',
  'migrate/missing-job',
  'migrate/deploy-not-wired',
  'migrate/order',
]);

/** What `devsetup decouple` is for. */
export const isMisplaced = (rule: RuleId): boolean => MISPLACED.has(rule);

const renderEnd = (report: AuditReport, palette: Palette, options: AuditTextOptions): readonly string[] => {
  const { summary } = report;
  const isClean = summary.errors + summary.warnings + summary.infos === 0;
  const paint = isClean ? palette.green : summary.exitCode === 0 ? palette.yellow : palette.red;
  const fixable = report.findings.filter(({ suppressed, fix }) => suppressed === null && fix.edits.length > 0).length;
  const misplaced = report.findings.filter(({ suppressed, rule }) => suppressed === null && isMisplaced(rule)).length;
  const next = [
    ...(fixable === 0
      ? []
      : [
          `${options.devsetup} audit --fix  ${palette.dim(`shows what it will change, asks, and fixes ${fixable} of these`)}`,
        ]),
    ...(misplaced === 0
      ? []
      : [
          `${options.devsetup} decouple     ${palette.dim(`gives migrations a job of their own, in place: ${misplaced} of these`)}`,
        ]),
  ];
  const hidden =
    summary.hidden === 0
      ? []
      : textBlock(
          `${count(summary.hidden, 'more finding')} not listed: more of the same rule on one line, or more than the report lists.`,
          {
            columns: options.columns,
            paint: palette.dim,
          },
        );
  return [
    ...hidden,
    ...textBlock(summaryLine(report), { columns: options.columns, paint: (line) => palette.bold(paint(line)) }),
    ...(next.length === 0 ? [] : [palette.bold('Next'), ...next.map((line) => `  ${line}`)]),
  ];
};

/** What a deployment's log shows. */
const renderImages = ({ images }: AuditReport, palette: Palette): readonly string[] => {
  if (images === undefined) return [];
  if (images.length === 0) return ['The log shows no image as pulled or run.', ''];
  const width = Math.max(...images.map(({ reference }) => reference.length));
  return [
    palette.bold('Images in the log'),
    ...images.map(
      ({ reference, use, line, digest }) =>
        `  ${reference.padEnd(width)}  ${use.padEnd(6)}  ${palette.dim(`line ${line}${digest === null ? '' : `  ${digest}`}`)}`,
    ),
    '',
  ];
};

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;

/** `2 errors, 1 warning in 4 workflows, 1 silenced`, for people. */
export const summaryLine = ({ files, summary, images }: Pick<AuditReport, 'files' | 'summary' | 'images'>): string => {
  const told = countsOf(summary);
  const where = images === undefined ? count(files.length, 'workflow') : 'the log';
  const silenced = summary.suppressed === 0 ? '' : `, ${summary.suppressed} silenced`;
  return told === '' ? `No findings in ${where}${silenced}` : `${told} in ${where}${silenced}`;
};

const countsOf = ({ errors, warnings, infos }: AuditSummary): string =>
  (
    [
      [errors, 'error'],
      [warnings, 'warning'],
      [infos, 'note'],
    ] as const
  )
    .filter(([number]) => number > 0)
    .map(([number, word]) => count(number, word))
    .join(', ');
