import type { DoctorReport } from '../core/doctor-report.ts';
import { formatDuration } from './format-duration.ts';
import type { Palette } from './palette.ts';
import type { DoctorTextOptions } from './render-doctor.ts';
import { appliedLines } from './render-fix.ts';
import { textBlock } from './text-block.ts';

/** What was fixed, what else the user must see, the counts, and what to type next. */
export const renderDoctorEnd = (
  report: DoctorReport,
  palette: Palette,
  options: DoctorTextOptions,
): readonly string[] => {
  const { columns } = options;
  const fixes = report.fixes.flatMap((fix) => appliedLines(fix, palette, columns, 2));
  const warnings = report.warnings.flatMap((text) => textBlock(text, { columns, indent: 2, paint: palette.yellow }));
  const sections = [
    fixes.length === 0 ? [] : [palette.bold('Fixes'), ...fixes],
    warnings.length === 0 ? [] : [palette.bold('Warnings'), ...warnings],
    textBlock(headlineOf(report), { columns, paint: paintOf(report, palette) }),
    nextOf(report, palette, options),
  ];
  // Healthy, and nothing was done: the last line stands right below the groups.
  const isPlain = fixes.length + warnings.length === 0 && report.outcome === 'healthy';
  return sections.filter((section) => section.length > 0).flatMap((section) => (isPlain ? section : ['', ...section]));
};

const headlineOf = (report: DoctorReport): string => {
  const { errors, warnings, infos, couldNotCheck, passed } = report.counts;
  const time = formatDuration(report.milliseconds);
  const skipped = report.checks.filter(({ status }) => status === 'skipped').length;
  const rest = `${passed} passed${skipped === 0 ? '' : `, ${skipped} left out`}`;
  if (report.outcome === 'interrupted') {
    return `Interrupted after ${time}: what was looked at until then is above${report.fixes.length === 0 ? '' : ', what was done stays done'}`;
  }
  if (report.outcome === 'healthy') return `Healthy: ${rest} (${time})`;
  const told = [
    [errors, errors === 1 ? 'error' : 'errors'],
    [warnings, warnings === 1 ? 'warning' : 'warnings'],
    [infos, infos === 1 ? 'note' : 'notes'],
    [couldNotCheck, 'not checked'],
  ] as const;
  const counts = told.filter(([number]) => number > 0).map(([number, name]) => `${number} ${name}`);
  return `${counts.join(', ')}; ${rest} (${time})`;
};

const paintOf =
  ({ outcome, exitCode }: DoctorReport, palette: Palette) =>
  (line: string) =>
    palette.bold((outcome === 'healthy' ? palette.green : exitCode === 1 ? palette.red : palette.yellow)(line));

const nextOf = (report: DoctorReport, palette: Palette, { devsetup }: DoctorTextOptions): readonly string[] => {
  const findings = report.checks.flatMap((check) => check.findings);
  const fixable = findings.filter(({ fix }) => fix !== null).length;
  // What was tried already does not get better by being tried again.
  if (fixable === 0 || report.fixes.some(({ outcome }) => outcome !== 'declined')) return [];
  const what = fixable === findings.length ? 'says what it will do, asks, and fixes it' : `fixes ${fixable} of these`;
  return [palette.bold('Next'), `  ${devsetup} doctor --fix  ${palette.dim(what)}`];
};
