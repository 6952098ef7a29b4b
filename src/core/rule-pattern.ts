import { RULE_IDS, type RuleId } from './rule-ids.ts';

type Family = RuleId extends `${infer Name}/${string}` ? `${Name}/*` : never;

/** How rules are named where several may be meant: `image/unresolved-tag`, `image/*`, `*`. */
export type RulePattern = RuleId | Family | '*';

const FAMILIES = [...new Set(RULE_IDS.map((rule) => rule.replace(/\/.*/, '/*')))] as readonly Family[];

export const RULE_PATTERNS: readonly RulePattern[] = [...RULE_IDS, ...FAMILIES, '*'];

export const isRulePattern = (text: string): text is RulePattern => RULE_PATTERNS.some((known) => known === text);

export const matchesRule = (pattern: RulePattern, rule: RuleId): boolean =>
  pattern === '*' || pattern === rule || (pattern.endsWith('/*') && rule.startsWith(pattern.slice(0, -1)));

/** The rules that these mean, in their own order. */
export const expandRules = (patterns: readonly RulePattern[]): readonly RuleId[] =>
  RULE_IDS.filter((rule) => patterns.some((pattern) => matchesRule(pattern, rule)));

/** The page of a rule, relative to the package. */
export const rulePage = (rule: RuleId): string => `docs/rules/${rule.replace('/', '-')}.md`;
