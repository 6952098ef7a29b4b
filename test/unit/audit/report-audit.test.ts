import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import type { Rule } from '../../../src/audit/finding.ts';
import { judgeAudit, type AuditInput } from '../../../src/audit/judge-audit.ts';
import { reportAudit, type AuditOutcome } from '../../../src/audit/report-audit.ts';
import { buildAudit } from '../../../src/audit/build-audit.ts';
import { DEFAULT_AUDIT_CONFIG } from '../../../src/config/audit-config.ts';
import { summarizeFaults } from '../../../src/core/audit-report.ts';
import { createSource, spanIn } from '../../../src/core/placed-text.ts';
import { RULE_IDS, type RuleId } from '../../../src/core/rule-ids.ts';
import { auditAnnotations } from '../../../src/pipeline/github/audit-annotations.ts';
import { renderJson } from '../../../src/ui/render-json.ts';
import { violations } from '../ui/support/json-schema.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../schemas/audit-report.schema.json', import.meta.url), 'utf8'),
) as Parameters<typeof violations>[0] & {
  readonly $defs: { readonly finding: { properties: { rule: { enum: unknown } } } };
};

/** Reports each match of a pattern, and of another one as a secret that is written out. */
const outcomeOf = (text: string, more: Partial<AuditInput> = {}): AuditOutcome => {
  const find = (id: RuleId, pattern: RegExp): Rule => ({
    id,
    title: id,
    check: () =>
      [...text.matchAll(pattern)].map((match) => ({
        span: spanIn(createSource('a.yml', text), match.index, match.index + match[0].length),
        message: `${match[0]}: that is 100% wrong,\nsee there.`,
        evidence: [{ text: `because of ${text.trim()}`, span: null }],
        fix: {
          sentence: `Remove ${match[0]}.`,
          edits: [{ file: 'a.yml', start: match.index, end: match.index + 1, text: '' }],
        },
        step: '1',
      })),
  });
  const input: AuditInput = {
    files: [{ path: 'a.yml', text }],
    readFile: () => undefined,
    project: { isDjango: null, hasTenants: null },
    config: DEFAULT_AUDIT_CONFIG,
    ...more,
  };
  const rules = [find('migrate/order', /bad/g), find('secret/literal-credential', /Xk29\w+/g)];
  const result = judgeAudit(buildAudit(input), input, rules);
  return reportAudit([{ files: ['a.yml'], result, show: (file) => `sub/${file}` }], 'error');
};

describe('the report', () => {
  test.each(['bad', 'fine', 'bad # devsetup: ignore[migrate/order] why', 'x: Xk29vQz7Lm\nbad'])(
    'is what the published schema accepts: %j',
    (text) => {
      expect(violations(schema, outcomeOf(text).report)).toEqual([]);
    },
  );

  test('names the rules that the schema knows', () => {
    expect(schema.$defs.finding.properties.rule.enum).toEqual(RULE_IDS);
  });

  test('has places from the file, and edits as places', () => {
    const { findings } = outcomeOf('a: 1\n  bad').report;
    expect(findings[0]).toMatchObject({
      file: 'sub/a.yml',
      line: 2,
      column: 3,
      endLine: 2,
      endColumn: 6,
      job: null,
      step: '1',
    });
    expect(findings[0]?.fix.edits).toEqual([
      { file: 'sub/a.yml', line: 2, column: 3, endLine: 2, endColumn: 4, text: '' },
    ]);
  });

  test('does not hold a secret that is written out, in any part of it', () => {
    const { report, details } = outcomeOf('password: "Xk29vQz7Lm" # bad');
    expect(renderJson(report) + renderJson(details)).not.toContain('Xk29vQz7Lm');
    // As long as it is, so that a mark below the line stands right.
    expect(details[0]?.line).toBe('password: "**********" # bad');
  });

  test('masks secrets for rules that were asked alone, too', () => {
    const { report, details } = outcomeOf('password: Xk29vQz7Lm # bad', { rules: new Set<RuleId>(['migrate/order']) });
    expect(report.findings.map(({ rule }) => rule)).toEqual(['migrate/order']);
    expect(renderJson(report) + renderJson(details)).not.toContain('Xk29vQz7Lm');
  });
});

describe('the exit code', () => {
  const fault = (severity: 'error' | 'warning' | 'info', isSilenced = false) => ({
    severity,
    suppressed: isSilenced ? { by: 'comment' as const, reason: 'x' } : null,
  });
  test.each([
    [[], 'info', false, 0],
    [[fault('warning')], 'error', false, 0],
    [[fault('warning')], 'warning', false, 1],
    [[fault('error')], 'info', false, 1],
    [[fault('info')], 'warning', false, 0],
    [[fault('info')], 'info', false, 1],
    [[fault('error', true)], 'info', false, 0],
    [[fault('error')], 'error', true, 3],
    [[], 'error', true, 3],
  ] as const)('of %j with --fail-on %s, a rule crashed: %s, is %i', (faults, failOn, crashed, expected) => {
    expect(summarizeFaults(faults, failOn, crashed).exitCode).toBe(expected);
  });
});

test('annotations are escaped as GitHub reads them', () => {
  expect(auditAnnotations(outcomeOf('x, y: bad').report)).toBe(
    '::error file=sub/a.yml,line=1,endLine=1,col=7,endColumn=9,title=migrate/order::bad: that is 100%25 wrong,%0Asee there.%0ARemove bad.\n',
  );
  expect(auditAnnotations(outcomeOf('bad # devsetup: ignore[migrate/order] why').report)).toBe('');
});
