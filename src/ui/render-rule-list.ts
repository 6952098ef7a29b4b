import type { Severity } from '../core/check.ts';
import type { RuleId } from '../core/rule-ids.ts';
import { createPalette } from './palette.ts';

interface ListedRule {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly title: string;
}

/** A rule a line: what `--only` and `--skip` call it, its title, how bad it is. */
export const renderRuleList = (rules: readonly ListedRule[], color: boolean): string => {
  const palette = createPalette(color);
  const width = Math.max(0, ...rules.map(({ rule }) => rule.length));
  const titles = Math.max(0, ...rules.map(({ title }) => title.length));
  const lines = rules.map(
    ({ rule, severity, title }) => `${rule.padEnd(width)}  ${title.padEnd(titles)}  ${palette.dim(severity)}`,
  );
  return `${lines.join('\n')}\n`;
};
