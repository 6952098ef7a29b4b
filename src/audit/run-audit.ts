import { buildAudit } from './build-audit.ts';
import { judgeAudit, type AuditInput, type AuditResult } from './judge-audit.ts';

/** Everything the rules find in the workflows of one checkout. Pure over text. */
export const runAudit = (input: AuditInput): AuditResult => judgeAudit(buildAudit(input), input);
