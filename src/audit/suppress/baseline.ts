import { shellWord } from '../../core/shell-word.ts';
import { usageError } from '../../core/errors.ts';
import { hasShape, isExactly, isListOf, isText } from '../../core/shape.ts';
import type { AuditFinding } from '../finding.ts';

export const BASELINE_VERSION = 1;

/** Fingerprints of findings that are known already, with what to call them. */
export type Baseline = ReadonlyMap<string, { readonly rule: string; readonly file: string }>;

/**
 * @param name of the file, for messages
 * @throws usage error BASELINE_INVALID
 */
export const parseBaseline = (name: string, text: string): Baseline => {
  const found = readJson(text);
  if (!isBaseline(found)) {
    throw usageError({
      code: 'BASELINE_INVALID',
      message: `${name} is no baseline of devsetup audit.`,
      hint: `Write it again: \`npx devsetup audit --baseline ${shellWord(name)} --write-baseline\`.`,
    });
  }
  return new Map(found.findings.map(({ fingerprint, rule, file }) => [fingerprint, { rule, file }]));
};

const isBaseline = hasShape({
  schemaVersion: isExactly(BASELINE_VERSION),
  findings: isListOf(hasShape({ rule: isText, file: isText, fingerprint: isText })),
});

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    // Told as what it is: no baseline.
    return undefined;
  }
};

/** The text of a baseline file that knows these findings: all but those that are silenced by other means. */
export const renderBaseline = (findings: readonly (AuditFinding & { readonly fingerprint: string })[]): string => {
  const rows = findings
    .filter(({ suppressed }) => suppressed === null || suppressed.by === 'baseline')
    .map(({ rule, span, fingerprint }) => ({ rule, file: span.file, fingerprint }));
  return `${JSON.stringify({ schemaVersion: BASELINE_VERSION, findings: rows }, null, 2)}\n`;
};
