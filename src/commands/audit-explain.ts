import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { explainFile } from '../audit/explain.ts';
import { createMask } from '../audit/report-audit.ts';
import { closestName } from '../config/closest-name.ts';
import type { WorkflowExplanation } from '../core/audit-explanation.ts';
import { AUDIT_SCHEMA_VERSION } from '../core/audit-report.ts';
import { usageError } from '../core/errors.ts';
import { redactDeep } from '../core/redact-deep.ts';
import { RULE_IDS, isRuleId } from '../core/rule-ids.ts';
import { rulePage } from '../core/rule-pattern.ts';
import { escapeControls } from '../core/visible-text.ts';
import { renderExplanation } from '../ui/render-explanation.ts';
import { renderJson } from '../ui/render-json.ts';
import { renderPage } from '../ui/render-page.ts';
import { packageFile } from '../version.ts';
import { lookAtWorkflows, type LookOptions } from './audit-look.ts';
import type { Terminal } from './terminal.ts';

/**
 * `devsetup audit --explain`: how a workflow file is understood, or the page of a rule.
 *
 * @throws usage error UNKNOWN_RULE where it is neither
 */
export const explainAudit = async (
  what: string,
  isJson: boolean,
  options: Omit<LookOptions, 'paths'>,
  terminal: Terminal,
): Promise<{ readonly exitCode: number }> => {
  const { stdout } = process;
  const text = { columns: stdout.isTTY ? stdout.columns : undefined, color: terminal.color(stdout) };
  if (!existsSync(path.resolve(options.cwd, what))) {
    if (!isRuleId(what)) throw unknown(what);
    const docs = rulePage(what);
    const page = readFileSync(packageFile(docs), 'utf8');
    const document = { schemaVersion: AUDIT_SCHEMA_VERSION, rule: what, docs, page };
    stdout.write(isJson ? renderJson(document) : renderPage(page, text));
    return { exitCode: 0 };
  }
  const looks = await lookAtWorkflows({ ...options, paths: [what] });
  const found = looks.flatMap(({ files, result, show }) =>
    files.flatMap((file) => {
      const explanation = explainFile(result.audit, file);
      return explanation === null
        ? []
        : [{ explanation: { ...explanation, file: show(file) }, mask: createMask(result) }];
    }),
  );
  if (isJson) {
    const masked = found.map(
      ({ explanation, mask }) => JSON.parse(mask(JSON.stringify(explanation))) as WorkflowExplanation,
    );
    stdout.write(renderJson({ schemaVersion: AUDIT_SCHEMA_VERSION, workflows: masked }));
  } else {
    // Names of jobs and steps come from the workflow, which may be hostile.
    const pages = found.map(({ explanation, mask }) =>
      mask(renderExplanation(redactDeep(explanation, escapeControls), text)),
    );
    terminal.print(stdout, pages.join('\n'));
  }
  return { exitCode: 0 };
};

const unknown = (what: string): Error => {
  const meant = closestName(what, RULE_IDS);
  return usageError({
    code: 'UNKNOWN_RULE',
    message: `--explain: ${what} is neither a file nor a rule.`,
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}\`npx devsetup audit --list\` names the rules.`,
  });
};
