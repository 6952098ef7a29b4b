import type { ListedRule } from '../src/audit/list-rules.ts';
import type { RuleId } from '../src/core/rule-ids.ts';

export function renderRuleIndex(rules: readonly ListedRule[], titleOf: (rule: RuleId) => string): string;
