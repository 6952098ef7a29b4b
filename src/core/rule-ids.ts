import type { Severity } from './check.ts';

/** Every rule with its severity, in the order of the documentation. */
export const RULES = {
  'workflow/invalid': 'error',
  'workflow/too-complex': 'warning',
  'migrate/missing-job': 'error',
  'migrate/on-container-start': 'warning',
  'migrate/inline-in-deploy': 'error',
  'migrate/hidden-in-script': 'warning',
  'migrate/deploy-not-wired': 'error',
  'migrate/order': 'error',
  'migrate/sequence': 'error',
  'migrate/swallowed-failure': 'error',
  'migrate/masking-fallback': 'info',
  'image/mutable-tag-in-deploy': 'error',
  'image/unresolved-tag': 'info',
  'image/deploy-not-built': 'warning',
  'image/duplicate-build-tag': 'error',
  'image/tag-collision': 'error',
  'image/build-missing-sha-tag': 'error',
  'image/input-default-mutable': 'warning',
  'parity/migrate-pattern': 'error',
  'secret/literal-credential': 'error',
  'secret/default-literal': 'error',
  'secret/printed': 'error',
  'secret/on-argv': 'warning',
  'secret/build-arg': 'warning',
  'secret/no-environment': 'warning',
  'secret/undeclared-in-call': 'error',
  'shell/unterminated-heredoc': 'error',
  'concurrency/drops-queued-deploys': 'warning',
  'suppression/unused': 'warning',
  'suppression/no-reason': 'warning',
} as const satisfies Readonly<Record<string, Severity>>;

export type RuleId = keyof typeof RULES;

export const RULE_IDS = Object.keys(RULES) as readonly RuleId[];

export const isRuleId = (text: string): text is RuleId => Object.hasOwn(RULES, text);
