import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import { pageTitle } from '../../../scripts/finding-index.mjs';
import { renderRuleIndex } from '../../../scripts/rule-index.mjs';
import { listRules } from '../../../src/audit/list-rules.ts';
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

const rulesIn = (files: ReadonlyMap<string, string>): readonly string[] => {
  const isWorkflow = (file: string): boolean => file.startsWith('.github/workflows/');
  const { findings } = runAudit({
    files: [...files].filter(([file]) => isWorkflow(file)).map(([path, text]) => ({ path, text })),
    readFile: (file) => files.get(file),
    project: { isDjango: true, hasTenants: null },
    config: DEFAULT_AUDIT_CONFIG,
  });
  return [...new Set(findings.filter(({ suppressed }) => suppressed === null).map(({ rule }) => rule))];
};

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
    expect(headings).toEqual(['What is found', 'Bad', 'Good', 'When to silence it']);
  });

  test.each(RULE_IDS)('%s: what the page calls bad is found', (rule) => {
    expect(rulesIn(filesOf(pageOf(rule), 'Bad'))).toContain(rule);
  });

  test.each(RULE_IDS)('%s: what the page calls good is a finding of no rule', (rule) => {
    const files = filesOf(pageOf(rule), 'Good');
    expect(files.size).toBeGreaterThan(0);
    expect(rulesIn(files)).toEqual([]);
  });

  test('the list of them is up to date: npm run readme', async () => {
    const titleOf = (rule: RuleId): string => pageTitle(pageOf(rule)) ?? '';
    expect(await readFile(new URL('README.md', folder), 'utf8')).toBe(renderRuleIndex(listRules(), titleOf));
  });
});
