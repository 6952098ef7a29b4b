import type { ReportedCheck } from '../core/doctor-report.ts';

export interface Blocked {
  /** The code of the finding at the beginning of the chain. */
  readonly cause: string;
  readonly titles: readonly string[];
}

/** The finding that a check waits for in the end: what waits for a step that waits itself waits for that step's cause. */
export const rootCause = (code: string, checks: readonly ReportedCheck[]): string => {
  const reported = new Set(checks.flatMap((check) => check.findings.map((finding) => finding.code)));
  const seen = new Set<string>();
  let cause = code;
  while (!reported.has(cause) && !seen.has(cause)) {
    seen.add(cause);
    const step = checks.find(({ id, group }) => group === 'setup' && `${id}-needed` === cause);
    if (step === undefined || step.blockedBy === null) break;
    cause = step.blockedBy;
  }
  return cause;
};

/** Whether a finding of this report says why. One that does not stand in it is no explanation: the check's own reason is. */
export const isExplained = ({ blockedBy }: ReportedCheck, checks: readonly ReportedCheck[]): boolean => {
  if (blockedBy === null) return false;
  const cause = rootCause(blockedBy, checks);
  return checks.some(({ findings }) => findings.some(({ code }) => code === cause));
};

/** What could not be looked at because of a finding, by that finding. */
export const blockedChecks = (checks: readonly ReportedCheck[]): readonly Blocked[] => {
  const titles = new Map<string, string[]>();
  for (const check of checks) {
    if (check.status !== 'could-not-check' || check.blockedBy === null || !isExplained(check, checks)) continue;
    const cause = rootCause(check.blockedBy, checks);
    titles.set(cause, [...(titles.get(cause) ?? []), check.title]);
  }
  return [...titles].map(([cause, names]) => ({ cause, titles: names }));
};
