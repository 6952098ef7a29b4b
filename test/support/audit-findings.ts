import type { RuleId } from '../../src/core/rule-ids.ts';
import { RULES } from '../../src/core/rule-ids.ts';
import { AUDIT_RULES } from '../../src/audit/rules/index.ts';
import { auditOf } from './audit.ts';

/** Where a rule finds something in these files, as `file:line`, in order. Each line once. */
export const linesFound = (
  files: Readonly<Record<string, string>>,
  rule: RuleId,
  options: { readonly withSeverity?: boolean; readonly checkout?: Readonly<Record<string, string>> } = {},
): readonly string[] => {
  const audit = auditOf(files, options.checkout);
  const found = AUDIT_RULES.filter(({ id }) => id === rule).flatMap(({ check }) => check(audit));
  const lines = found.map(({ span, severity }) => ({
    ...span,
    text: `${span.file.replace('.github/workflows/', '')}:${span.line}${options.withSeverity === true ? ` ${severity ?? RULES[rule]}` : ''}`,
  }));
  return [...new Set(lines.toSorted((a, b) => a.line - b.line).map(({ text }) => text))];
};
