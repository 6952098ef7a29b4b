import type { FoundFault } from './judge-audit.ts';

/** One mistake that a generated or hostile line repeats thousands of times is clear after these. */
export const MOST_ON_A_LINE = 20;
/** GitHub shows no more of a SARIF log. */
export const MOST_FINDINGS = 5000;

const RANK = { error: 0, warning: 1, info: 2 } as const;

/**
 * The findings that are listed: of one rule on one line the first ones, and of too many in all the worst ones. What is counted and what
 * the exit code says does not change.
 */
export const capFindings = (
  findings: readonly FoundFault[],
  mostOnALine = MOST_ON_A_LINE,
  most = MOST_FINDINGS,
): readonly FoundFault[] => {
  const counts = new Map<string, number>();
  const few = findings.filter(({ rule, span, suppressed }) => {
    const cause = JSON.stringify([rule, span.file, span.line, suppressed === null]);
    const count = (counts.get(cause) ?? 0) + 1;
    counts.set(cause, count);
    return count <= mostOnALine;
  });
  if (few.length <= most) return few;
  const worst = few.toSorted(
    (a, b) => Number(a.suppressed !== null) - Number(b.suppressed !== null) || RANK[a.severity] - RANK[b.severity],
  );
  const kept = new Set(worst.slice(0, most));
  return few.filter((finding) => kept.has(finding));
};
