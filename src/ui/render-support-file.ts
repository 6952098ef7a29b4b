import type { DoctorReport, ReportedFinding } from '../core/doctor-report.ts';
import type { SupportFacts } from '../core/support-facts.ts';
import { blockedChecks } from './blocked-checks.ts';
import { formatDuration } from './format-duration.ts';
import { toPlainLine } from './plain-text.ts';
import { atMost } from './text-block.ts';

/** Begins every such file: by it one of ours is known. */
export const SUPPORT_HEADING = '# devsetup doctor report';

export interface SupportFileOptions {
  /** Masks secrets. */
  readonly redact: (text: string) => string;
  /** Becomes `~`. */
  readonly home: string;
}

/** One Markdown file to attach to an issue. */
export const renderSupportFile = (report: DoctorReport, facts: SupportFacts, options: SupportFileOptions): string => {
  const sections = [
    [SUPPORT_HEADING, '', `${report.startedAt} · ${describeOutcome(report)} · ${formatDuration(report.milliseconds)}`],
    ['## Versions', '', ...facts.versions.map(({ name, value }) => `- ${name}: ${oneLine(value)}`)],
    ['## Findings', '', ...findingsOf(report)],
    ...(report.fixes.length === 0 ? [] : [['## Fixes', '', ...report.fixes.map(fixLine)]]),
    ...(report.warnings.length === 0
      ? []
      : [['## Warnings', '', ...report.warnings.map((text) => `- ${oneLine(text)}`)]]),
    ['## Checks', '', ...checksOf(report)],
    ['## Last run', '', ...lastRunOf(facts)],
    ['## Log', '', ...logOf(facts)],
  ];
  const text = `${sections.map((section) => section.join('\n')).join('\n\n')}\n`;
  return withoutHome(text.split('\n').map(options.redact).join('\n'), options.home);
};

const describeOutcome = ({ outcome, counts }: DoctorReport): string =>
  outcome === 'findings'
    ? `errors: ${counts.errors}, warnings: ${counts.warnings}, notes: ${counts.infos}, not checked: ${counts.couldNotCheck}`
    : outcome;

const findingsOf = (report: DoctorReport): readonly string[] => {
  const findings = report.checks.flatMap((check) => check.findings);
  return findings.length === 0 ? ['None.'] : findings.flatMap((finding) => [...findingLines(finding), '']).slice(0, -1);
};

const findingLines = (finding: ReportedFinding): readonly string[] => {
  const { severity, code, message, place, evidence, remedy } = finding;
  const where =
    place === null ? [] : [[place.file, place.line, place.column].filter((part) => part !== null).join(':')];
  const shown = [...where, ...evidence];
  return [
    `### ${severity}: ${code}`,
    '',
    oneLine(message),
    ...(shown.length === 0 ? [] : ['', ...fenced(atMost(shown, MOST_EVIDENCE, ''))]),
    '',
    `→ ${oneLine(remedy.text)}${remedy.command === null ? '' : ` \`${remedy.command}\``}`,
  ];
};

const MOST_EVIDENCE = 30;

const fixLine = ({ action, outcome, message }: DoctorReport['fixes'][number]): string =>
  `- ${outcome}: ${oneLine(action)}${message === null ? '' : ` (${oneLine(message)})`}`;

const checksOf = (report: DoctorReport): readonly string[] => {
  const cause = new Map(blockedChecks(report.checks).flatMap(({ cause, titles }) => titles.map((t) => [t, cause])));
  const rows = report.checks.map(({ id, group, status, message, title, milliseconds }) => {
    const waits = status === 'could-not-check' ? cause.get(title) : undefined;
    const text = waits === undefined ? message : `${message} (${waits})`;
    return `| ${[group, id, status, cell(text), formatDuration(milliseconds)].join(' | ')} |`;
  });
  return ['| group | check | result | | time |', '| --- | --- | --- | --- | --- |', ...rows];
};

const lastRunOf = ({ lastRun }: SupportFacts): readonly string[] => {
  if (lastRun === null) return ['None that has ended.'];
  const { command, version, outcome, startedAt, milliseconds, steps } = lastRun;
  return [
    `${startedAt} · ${command} · ${outcome} · ${formatDuration(milliseconds)} · devsetup ${version}`,
    '',
    ...steps.map((step) => `- ${step.id}: ${step.status} · ${oneLine(step.message)}`),
  ];
};

const logOf = ({ log }: SupportFacts): readonly string[] =>
  log === null ? ['None.'] : [`The end of ${log.path}`, '', ...fenced(log.lines)];

/** A fence that nothing in the text can close. */
const fenced = (lines: readonly string[]): readonly string[] => {
  const plain = lines.flatMap((line) => line.split('\n')).map(toPlainLine);
  const longest = Math.max(
    2,
    ...plain.map((line) => Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length))),
  );
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...plain, fence];
};

const oneLine = (text: string): string => text.split('\n').map(toPlainLine).join(' ').trim();

const cell = (text: string): string => oneLine(text).replaceAll('|', '\\|');

const withoutHome = (text: string, home: string): string =>
  home.length < 2 ? text : text.replaceAll(new RegExp(`${escapeRegExp(home)}(?![\\w.-])`, 'g'), '~');

const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
