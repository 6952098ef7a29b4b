import { FAIL_ON } from '../core/audit-report.ts';
import type { FoundFault } from './judge-audit.ts';

/** A generated or hostile line can repeat one mistake thousands of times; this many make it clear. */
const MOST_ON_A_LINE = 20;
/** GitHub shows no more of a SARIF log. */
const MOST_FINDINGS = 5000;

/**
 * The findings that are listed: of one rule on one line the first ones, and of too many in all the worst ones. Counts and exit code stay
 * those of all findings.
 */
export const capFindings = (findings: readonly FoundFault[]): readonly FoundFault[] => {
  const counts = new Map<string, number>();
  const few = findings.filter(({ rule, span, suppressed }) => {
    const cause = JSON.stringify([rule, span.file, span.line, suppressed === null]);
    const count = (counts.get(cause) ?? 0) + 1;
    counts.set(cause, count);
    return count <= MOST_ON_A_LINE;
  });
  if (few.length <= MOST_FINDINGS) return few;
  const worst = few.toSorted(
    (a, b) =>
      Number(a.suppressed !== null) - Number(b.suppressed !== null) ||
      FAIL_ON.indexOf(a.severity) - FAIL_ON.indexOf(b.severity),
  );
  const kept = new Set(worst.slice(0, MOST_FINDINGS));
  return few.filter((finding) => kept.has(finding));
};
