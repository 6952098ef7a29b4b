import type { CheckGroup, Severity } from '../core/check.ts';
import type { ReportedCheck } from '../core/doctor-report.ts';

export const GROUP_TITLES: Readonly<Record<CheckGroup, string>> = {
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

const SEVERITY_NAMES: readonly (readonly [Severity, string, string])[] = [
  ['error', 'error', 'errors'],
  ['warning', 'warning', 'warnings'],
  ['info', 'note', 'notes'],
];

/** `2 errors, 1 not checked, 3 passed`: what is wrong comes first. */
export const describeCounts = (checks: readonly ReportedCheck[]): string => {
  const findings = checks.flatMap((check) => check.findings);
  const count = (status: ReportedCheck['status']): number => checks.filter((check) => check.status === status).length;
  const parts = [
    ...SEVERITY_NAMES.map(([severity, one, many]) => {
      const number = findings.filter((finding) => finding.severity === severity).length;
      return [number, number === 1 ? one : many] as const;
    }),
    [count('could-not-check'), 'not checked'],
    [count('passed'), 'passed'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, text]) => `${number} ${text}`);
  return told.length > 0 ? told.join(', ') : `${count('not-applicable')} not applicable`;
};
