import type { RuleId } from '../../src/core/rule-ids.ts';
import { RULES } from '../../src/core/rule-ids.ts';
import { AUDIT_RULES } from '../../src/audit/rules/index.ts';
import { mergeCauses } from '../../src/audit/one-cause.ts';
import { auditOf } from './audit.ts';
import { reword } from './reword.ts';
import { isThorough } from './thoroughness.ts';

type Files = Readonly<Record<string, string>>;

interface Options {
  readonly withSeverity?: boolean;
  readonly checkout?: Files;
}

/**
 * Where a rule finds something in these files, as `file:line`, in order. Each line once. In a thorough run also with other words in
 * every echo and comment, which may change nothing.
 */
export const linesFound = (files: Files, rule: RuleId, options: Options = {}): readonly string[] => {
  const found = findLines(files, rule, options);
  if (!isThorough) return found;
  const { checkout = {} } = options;
  const reworded = findLines(rewordAll(files), rule, { ...options, checkout: rewordAll(checkout) });
  if (reworded.join('\n') === found.join('\n')) return found;
  throw new Error(`Other words in an echo or a comment change what ${rule} finds: ${reworded.join(', ')}`);
};

const rewordAll = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([file, text]) => [file, reword(file, text)]));

const findLines = (files: Files, rule: RuleId, options: Options): readonly string[] => {
  const audit = auditOf(files, options.checkout);
  const all = AUDIT_RULES.filter(({ id }) => id === rule).flatMap(({ id, check }) =>
    check(audit).map((finding) => ({ ...finding, rule: id })),
  );
  const found = mergeCauses(all, { isWorkflow: (file) => file.startsWith('.github/'), isSilenced: () => false });
  const lines = found.map(({ span, severity }) => ({
    ...span,
    text: `${span.file.replace('.github/workflows/', '')}:${span.line}${options.withSeverity === true ? ` ${severity ?? RULES[rule]}` : ''}`,
  }));
  return [...new Set(lines.toSorted((a, b) => a.line - b.line).map(({ text }) => text))];
};
