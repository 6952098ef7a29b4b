import type { CheckGroup } from '../core/check.ts';
import { CHECK_GROUPS } from '../core/check.ts';
import type { DoctorReport, ReportedCheck, ReportedFinding } from '../core/doctor-report.ts';
import { createPalette, type Palette } from './palette.ts';
import { formatDuration } from './format-duration.ts';
import { textBlock } from './text-block.ts';

export interface DoctorTextOptions {
  /** Of the terminal the text goes to; undefined: it is none, nothing is wrapped. */
  readonly columns: number | undefined;
  readonly color: boolean;
  /** Every check with its evidence, not only groups. */
  readonly verbose: boolean;
}

const GROUP_TITLES: Readonly<Record<CheckGroup, string>> = {
  checkout: 'Checkout',
  toolchain: 'Toolchain',
  environment: 'Environment',
  database: 'Database',
  django: 'Django',
  setup: 'Setup',
  'dev-container': 'Dev container',
  pipelines: 'Pipelines',
  'last-run': 'Last run',
  project: 'Own checks',
};

/** One line a group, one block a finding: what is wrong, what shows it, what mends it, where to read more. */
export const renderDoctor = (report: DoctorReport, options: DoctorTextOptions): string => {
  const palette = createPalette(options.color);
  const groups = CHECK_GROUPS.flatMap((group) => {
    const checks = report.checks.filter((check) => check.group === group && check.status !== 'skipped');
    return checks.length === 0 ? [] : renderGroup(GROUP_TITLES[group], checks, palette, options);
  });
  return `${[...groups, ...renderEnd(report, palette, options)].join('\n')}\n`;
};

const renderGroup = (
  title: string,
  checks: readonly ReportedCheck[],
  palette: Palette,
  options: DoctorTextOptions,
): readonly string[] => {
  const findings = checks.flatMap((check) => check.findings);
  const unknown = checks.filter((check) => check.status === 'could-not-check');
  const count = checks.filter((check) => check.status === 'passed').length;
  const mark = findings.some(({ severity }) => severity === 'error')
    ? palette.red('✖')
    : findings.length + unknown.length > 0
      ? palette.yellow('!')
      : count > 0
        ? palette.green('✔')
        : palette.dim('–');
  const line = `${mark} ${palette.bold(title)} ${palette.dim(`· ${describeCounts(checks)}`)}`;
  const details = options.verbose
    ? checks
        .filter((check) => check.status !== 'findings' && check.status !== 'could-not-check')
        .flatMap((check) => textBlock(`${check.title}: ${check.message}`, { ...options, indent: 4 }))
    : [];
  return [
    line,
    ...details,
    ...findings.flatMap((finding) => renderFinding(finding, palette, options)),
    ...renderUnknown(unknown, options),
  ];
};

const describeCounts = (checks: readonly ReportedCheck[]): string => {
  const count = (status: ReportedCheck['status']): number => checks.filter((check) => check.status === status).length;
  const findings = checks.flatMap((check) => check.findings).length;
  const parts = [
    [count('passed'), 'passed'],
    [findings, findings === 1 ? 'finding' : 'findings'],
    [count('could-not-check'), 'could not be checked'],
    [count('not-applicable'), 'not applicable'],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .map(([number, text]) => `${number} ${text}`)
    .join(', ');
};

const renderFinding = (
  finding: ReportedFinding,
  palette: Palette,
  { columns }: DoctorTextOptions,
): readonly string[] => {
  const paint = finding.severity === 'error' ? palette.red : finding.severity === 'warning' ? palette.yellow : asIs;
  const place = finding.place === null ? [] : [placeText(finding.place)];
  const { text, command } = finding.remedy;
  return [
    ...textBlock(`${finding.severity}: ${finding.message}`, { columns, indent: 2, paint }),
    ...[...place, ...finding.evidence].flatMap((line) => textBlock(line, { columns, indent: 6, paint: palette.dim })),
    ...textBlock(text, { columns, indent: 4, bullet: '→ ' }),
    ...(command === null ? [] : textBlock(command, { columns, indent: 6, paint: palette.bold })),
    ...textBlock(finding.docs, { columns, indent: 4, paint: palette.dim }),
  ];
};

const asIs = (text: string): string => text;

const placeText = ({ file, line, column }: NonNullable<ReportedFinding['place']>): string =>
  [file, line, column].filter((part) => part !== null).join(':');

/** Checks with the same reason share a line. */
const renderUnknown = (checks: readonly ReportedCheck[], { columns }: DoctorTextOptions): readonly string[] => {
  const byReason = new Map<string, string[]>();
  for (const { message, blockedBy, title } of checks) {
    const reason = blockedBy === null ? message : `${message} (${blockedBy})`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), title]);
  }
  return [...byReason].flatMap(([reason, titles]) =>
    textBlock(`not checked, ${reason}: ${titles.join(', ')}`, { columns, indent: 2 }),
  );
};

const renderEnd = (report: DoctorReport, palette: Palette, { columns }: DoctorTextOptions): readonly string[] => {
  const { errors, warnings, infos, couldNotCheck, passed } = report.counts;
  const time = formatDuration(report.milliseconds);
  if (report.outcome === 'healthy') return [palette.green(`Healthy: ${passed} checks passed (${time})`)];
  const parts = [
    [errors, errors === 1 ? 'error' : 'errors'],
    [warnings, warnings === 1 ? 'warning' : 'warnings'],
    [infos, infos === 1 ? 'note' : 'notes'],
    [couldNotCheck, 'could not be checked'],
  ] as const;
  const text = parts
    .filter(([number]) => number > 0)
    .map(([number, name]) => `${number} ${name}`)
    .join(', ');
  return textBlock(`${text}; ${passed} checks passed (${time})`, { columns, paint: palette.bold });
};
