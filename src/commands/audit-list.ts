import process from 'node:process';

import { listRules } from '../audit/list-rules.ts';
import { AUDIT_SCHEMA_VERSION } from '../core/audit-report.ts';
import { renderJson } from '../ui/render-json.ts';
import { renderRuleList } from '../ui/render-rule-list.ts';
import type { AuditOutput } from './audit-formats.ts';
import type { Terminal } from './terminal.ts';

/** `devsetup audit --list` */
export const listAuditRules = (outputs: readonly AuditOutput[], terminal: Terminal): { readonly exitCode: number } => {
  const { stdout } = process;
  const rules = listRules();
  const isJson = outputs.some(({ format, file }) => format === 'json' && file === null);
  const document = { schemaVersion: AUDIT_SCHEMA_VERSION, rules };
  stdout.write(isJson ? renderJson(document) : renderRuleList(rules, terminal.color(stdout)));
  return { exitCode: 0 };
};
