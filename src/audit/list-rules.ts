import { AUDIT_RULES } from './rules/index.ts';
import { closestName } from '../config/closest-name.ts';
import { usageError } from '../core/errors.ts';
import { RULE_IDS, RULES, type RuleId } from '../core/rule-ids.ts';
import { expandRules, isRulePattern, RULE_PATTERNS, rulePage, type RulePattern } from '../core/rule-pattern.ts';
import type { Severity } from '../core/check.ts';

/**
 * The rules that `--only` and `--skip` leave: ids, families (`image/*`, or `image` for short).
 *
 * @throws usage error UNKNOWN_RULE
 */
export const selectRules = (only: readonly string[], skip: readonly string[]): ReadonlySet<RuleId> => {
  const wanted = only.length === 0 ? RULE_IDS : expandRules(only.map((word) => parsePattern(word, '--only')));
  const left = new Set(expandRules(skip.map((word) => parsePattern(word, '--skip'))));
  return new Set(wanted.filter((rule) => !left.has(rule)));
};

const parsePattern = (word: string, flag: string): RulePattern => {
  const pattern = [word, `${word.replace(/\/$/, '')}/*`].find(isRulePattern);
  if (pattern !== undefined) return pattern;
  const meant = closestName(word, RULE_PATTERNS);
  throw usageError({
    code: 'UNKNOWN_RULE',
    message: `${flag}: there is no rule "${word}".`,
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}\`npx devsetup audit --list\` names them all.`,
  });
};

export interface ListedRule {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly title: string;
  /** Its page, relative to the package. */
  readonly docs: string;
}

/** Rules that judge comments are no part of the registry of those that read workflows. */
const TITLES: Readonly<Partial<Record<RuleId, string>>> = {
  'suppression/unused': 'Comment that silences nothing',
  'suppression/no-reason': 'Comment that silences without a reason',
};

export const titleOf = (rule: RuleId): string =>
  AUDIT_RULES.find(({ id }) => id === rule)?.title ?? TITLES[rule] ?? rule;

/** Every rule, in the order of the documentation. */
export const listRules = (): readonly ListedRule[] =>
  RULE_IDS.map((rule) => ({ rule, severity: RULES[rule], title: titleOf(rule), docs: rulePage(rule) }));
