import { createHash } from 'node:crypto';

import type { IdentifiedFinding } from '../finding.ts';

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
  const seen = new Map<string, number>();
  return findings.map(({ rule, span, job }) => {
    const text = lineOf(span.file, span.line).trim().replaceAll(/\s+/g, ' ');
    const key = JSON.stringify([rule, span.file, job ?? null, text]);
    const number = seen.get(key) ?? 0;
    seen.set(key, number + 1);
    return createHash('sha256').update(`${key} ${number}`).digest('hex').slice(0, 32);
  });
};
