import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import { pageTitle } from '../../../scripts/finding-index.mjs';
import { renderRuleIndex } from '../../../scripts/rule-index.mjs';
import { listRules } from '../../../src/audit/list-rules.ts';
import { planFixes } from '../../../src/audit/fix/plan-fixes.ts';
import type { AuditResult } from '../../../src/audit/judge-audit.ts';
import { runAudit } from '../../../src/audit/run-audit.ts';
import { DEFAULT_AUDIT_CONFIG } from '../../../src/config/audit-config.ts';
import { RULE_IDS, type RuleId } from '../../../src/core/rule-ids.ts';
import { rulePage } from '../../../src/core/rule-pattern.ts';

const folder = new URL('../../../docs/rules/', import.meta.url);
const names = (await readdir(fileURLToPath(folder))).filter((name) => name !== 'README.md');
const pages = new Map(
  await Promise.all(
    names.map(async (name): Promise<[string, string]> => [name, await readFile(new URL(name, folder), 'utf8')]),
  ),
);
const pageOf = (rule: RuleId): string => pages.get(rulePage(rule).replace('docs/rules/', '')) ?? '';

/** The files that a section of a page shows: each block is one, named by its first line if that is a comment with a path. */
const filesOf = (page: string, heading: string): ReadonlyMap<string, string> => {
  const section = page.split(/^## /m).find((one) => one.startsWith(`${heading}\n`)) ?? '';
  const blocks = [...section.matchAll(/```(?:yaml|sh)\n(?:# (\S+\.\w+)\n)?([^]*?)```/g)];
  return new Map(blocks.map(([, file = '.github/workflows/release.yml', text = '']) => [file, text]));
};

const auditFiles = (files: ReadonlyMap<string, string>): AuditResult => {
  const isWorkflow = (file: string): boolean => file.startsWith('.github/workflows/');
  return runAudit({
    files: [...files].filter(([file]) => isWorkflow(file)).map(([path, text]) => ({ path, text })),
    readFile: (file) => files.get(file),
    project: { isDjango: true, hasTenants: null },
    config: DEFAULT_AUDIT_CONFIG,
  });
};

const rulesIn = (files: ReadonlyMap<string, string>): readonly string[] => {
  const { findings } = auditFiles(files);
  return [...new Set(findings.filter(({ suppressed }) => suppressed === null).map(({ rule }) => rule))];
};

const FIXABLE: readonly RuleId[] = ['migrate/deploy-not-wired', 'migrate/order', 'image/duplicate-build-tag'];

const LIMITS = 'What it cannot see';

/** Families of rules whose pages all have that section; a page of another family may have it. */
const FAMILIES_WITH_LIMITS: ReadonlySet<string> = new Set(['image', 'secret', 'concurrency', 'workflow']);
const saysLimits = (rule: RuleId): boolean => FAMILIES_WITH_LIMITS.has(rule.split('/')[0] ?? '');

describe('the pages of the rules', () => {
  test('every rule has one, and every page a rule', () => {
    expect([...pages.keys()].toSorted()).toEqual(
      RULE_IDS.map((rule) => rulePage(rule).replace('docs/rules/', '')).toSorted(),
    );
  });

  test.each(RULE_IDS)('%s: its page says why, shows bad and good, and how to silence it', (rule) => {
    const page = pageOf(rule);
    expect(pageTitle(page)).toMatch(/\S/);
    const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    const limits = saysLimits(rule) || headings.includes(LIMITS) ? [LIMITS] : [];
    expect(headings).toEqual(['What is found', 'Bad', 'Good', ...limits, 'When to silence it']);
  });

  test.each(RULE_IDS.filter(saysLimits))('%s: its page lists what the rule cannot see', (rule) => {
    const section = pageOf(rule).split(`## ${LIMITS}\n`)[1]?.split('\n## ')[0] ?? '';
    expect(section.trim()).toMatch(/^- \S/);
  });

  test.each(RULE_IDS)('%s: what the page calls bad is found', (rule) => {
    expect(rulesIn(filesOf(pageOf(rule), 'Bad'))).toContain(rule);
  });

  test.each(RULE_IDS)('%s: what the page calls good is a finding of no rule', (rule) => {
    const files = filesOf(pageOf(rule), 'Good');
    expect(files.size).toBeGreaterThan(0);
    expect(rulesIn(files)).toEqual([]);
  });

  const fixable = RULE_IDS.filter((rule) =>
    auditFiles(filesOf(pageOf(rule), 'Bad')).findings.some((one) => one.rule === rule && one.fix.edits.length > 0),
  );

  test('rules that can be mended mechanically are those that are said to be', () => {
    expect(fixable).toEqual(FIXABLE);
  });

  test.each(FIXABLE)('%s: what --fix makes of the bad example is not found any more', (rule) => {
    const files = filesOf(pageOf(rule), 'Bad');
    const { findings, textOf } = auditFiles(files);
    const planned = planFixes(findings, textOf);
    const mended = new Map([...files, ...planned.map(({ file, after }): [string, string] => [file, after])]);
    expect(rulesIn(mended)).not.toContain(rule);
    expect(rulesIn(mended)).not.toContain('workflow/invalid');
  });

  test('the list of them is up to date: npm run readme', async () => {
    const titleOf = (rule: RuleId): string => pageTitle(pageOf(rule)) ?? '';
    expect(await readFile(new URL('README.md', folder), 'utf8')).toBe(renderRuleIndex(listRules(), titleOf));
  });
});
