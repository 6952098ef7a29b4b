import { createHash, type Hash } from 'node:crypto';

import type { IdentifiedFinding } from '../finding.ts';

/** Findings that only their order tells apart. */
interface Group {
  readonly hash: Hash;
  seen: number;
}

/**
 * What tells a finding from others, and stays the same when lines move: rule, file, job, the text of the line without its blanks, and
 * which of several alike it is. A hash: the line may hold a secret.
 *
 * @returns 32 hexadecimal digits each, in the order of the findings
 */
export const fingerprintsOf = (
  findings: readonly IdentifiedFinding[],
  lineOf: (file: string, line: number) => string,
): readonly string[] => {
  const alike = new Map<string, Group>();
  // A long line is hashed once, however many findings are on it.
  const known = new Map<string, Group>();
  const groupOf = ({ rule, span, job }: IdentifiedFinding): Group => {
    const text = lineOf(span.file, span.line).trim().replaceAll(/\s+/g, ' ');
    const key = JSON.stringify([rule, span.file, job ?? null, text]);
    const group = alike.get(key) ?? { hash: createHash('sha256').update(key), seen: 0 };
    alike.set(key, group);
    return group;
  };
  return findings.map((finding) => {
    const place = JSON.stringify([finding.rule, finding.span.file, finding.job ?? null, finding.span.line]);
    const group = known.get(place) ?? groupOf(finding);
    known.set(place, group);
    const print = group.hash.copy().update(` ${group.seen}`).digest('hex').slice(0, 32);
    group.seen += 1;
    return print;
  });
};
