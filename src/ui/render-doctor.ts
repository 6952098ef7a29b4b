import { CHECK_GROUPS } from '../core/check.ts';
import type { DoctorReport, ReportedCheck } from '../core/doctor-report.ts';
import { blockedChecks, isExplained } from './blocked-checks.ts';
import { describeCounts, GROUP_TITLES } from './doctor-groups.ts';
import { createPalette, type Palette } from './palette.ts';
import { renderDoctorEnd } from './render-doctor-end.ts';
import { findingBlocks, renderBlock } from './render-finding.ts';
import { textBlock } from './text-block.ts';

export interface DoctorTextOptions {
  /** Of the terminal the text goes to; undefined: it is none, nothing is wrapped. */
  readonly columns: number | undefined;
  readonly color: boolean;
  /** Every check with its evidence, not only groups. */
  readonly verbose: boolean;
  /** How the user reaches a page of the package from where they are. */
  readonly docsPath: (docs: string) => string;
  /** How the user reaches a file of the checkout from where they are; given relative to its root. */
  readonly filePath: (file: string) => string;
  /** How the user types devsetup. */
  readonly devsetup: string;
}

/** One line a group, one block a finding, one line for what a finding hides; last the counts, and what to type next. */
export const renderDoctor = (report: DoctorReport, options: DoctorTextOptions): string => {
  const palette = createPalette(options.color);
  const groups = CHECK_GROUPS.map((group) => ({
    title: GROUP_TITLES[group],
    checks: report.checks.filter((check) => check.group === group && check.status !== 'skipped'),
  })).filter(({ checks }) => checks.some(({ status }) => options.verbose || status !== 'not-applicable'));
  const width = Math.max(0, ...groups.map(({ title }) => title.length));
  const lines = [
    ...groups.flatMap(({ title, checks }) => renderGroup(title.padEnd(width), checks, report, palette, options)),
    ...renderBlocked(report, palette, options),
    ...renderDoctorEnd(report, palette, options),
  ];
  return `${lines.join('\n')}\n`;
};

const renderGroup = (
  title: string,
  checks: readonly ReportedCheck[],
  report: DoctorReport,
  palette: Palette,
  options: DoctorTextOptions,
): readonly string[] => {
  const blocks = findingBlocks(checks.flatMap((check) => check.findings));
  const unexplained = checks.filter(
    (check) => check.status === 'could-not-check' && !isExplained(check, report.checks),
  );
  return [
    `${markOf(checks, unexplained, palette)} ${palette.bold(title)}  ${palette.dim(describeCounts(checks))}`,
    ...(options.verbose ? [] : renderExamined(checks, palette, options)),
    ...blocks.flatMap((block) => renderBlock(block, palette, options)),
    ...renderUnexplained(unexplained, palette, options),
    ...(options.verbose ? renderQuiet(checks, palette, options) : []),
  ];
};

/** Which project of several, and which database, the findings are about: they do not say it themselves. */
const renderExamined = (
  checks: readonly ReportedCheck[],
  palette: Palette,
  { columns }: DoctorTextOptions,
): readonly string[] =>
  checks
    .filter(({ id, status, message }) => status === 'passed' && (id === 'examined-database' || isChoice(id, message)))
    .flatMap(({ message }) => textBlock(message, { columns, indent: 2, paint: palette.dim }));

/** Where there is one project alone, the check only names its file. */
const isChoice = (id: string, message: string): boolean => id === 'checkout' && message.startsWith('Project: ');

const markOf = (checks: readonly ReportedCheck[], unexplained: readonly ReportedCheck[], palette: Palette): string => {
  const findings = checks.flatMap((check) => check.findings);
  if (findings.some(({ severity }) => severity === 'error')) return palette.red('✖');
  if (unexplained.some(({ network }) => !network)) return palette.red('✖');
  if (findings.some(({ severity }) => severity === 'warning') || unexplained.length > 0) return palette.yellow('!');
  return checks.some(({ status }) => status === 'passed' || status === 'findings')
    ? palette.green('✔')
    : palette.dim('–');
};

/** Checks with the same reason share a line. That the network is to blame makes it a warning. */
const renderUnexplained = (
  checks: readonly ReportedCheck[],
  palette: Palette,
  { columns }: DoctorTextOptions,
): readonly string[] => {
  const byReason = new Map<string, ReportedCheck[]>();
  for (const check of checks) {
    // A finding that is not in this report is named: nothing else says why.
    const reason = check.blockedBy === null ? check.message : `${check.message} (${check.blockedBy})`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), check]);
  }
  return [...byReason].flatMap(([reason, same]) =>
    textBlock(`could not check ${same.map(({ title }) => title).join(', ')}: ${reason}`, {
      columns,
      indent: 2,
      paint: same.every(({ network }) => network) ? palette.yellow : palette.red,
    }),
  );
};

const renderQuiet = (
  checks: readonly ReportedCheck[],
  palette: Palette,
  { columns }: DoctorTextOptions,
): readonly string[] =>
  checks.flatMap(({ status, title, message }) => {
    if (status === 'passed') return textBlock(`${title}: ${message}`, { columns, indent: 4, bullet: '✔ ' });
    const paint = palette.dim;
    const text = `${title}: ${message}`;
    return status === 'not-applicable' ? textBlock(text, { columns, indent: 4, bullet: '– ', paint }) : [];
  });

/** Of a chain of checks that wait for each other only one line is left: the finding that has to be fixed first. */
const renderBlocked = (report: DoctorReport, palette: Palette, options: DoctorTextOptions): readonly string[] =>
  blockedChecks(report.checks).flatMap(({ cause, titles }) => {
    const names = options.verbose || titles.length <= MOST_TITLES ? titles.join(', ') : `${titles.length} checks`;
    const text = `not checked until ${cause} is fixed: ${names}`;
    return textBlock(text, { columns: options.columns, bullet: '– ', paint: palette.dim });
  });

const MOST_TITLES = 6;
