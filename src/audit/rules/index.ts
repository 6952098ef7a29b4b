import type { Rule } from '../finding.ts';

/** Every rule that reads an audit, in the order of RULES. Those of the family `suppression` judge what the others have found. */
export const AUDIT_RULES: readonly Rule[] = [];
