import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { violations } from '../../unit/ui/support/json-schema.ts';
import { BAD, GOOD, makeCheckout, told, type AuditCheckout } from './support/checkout.ts';
import { sarifViolations } from './support/sarif.ts';
import { validateSarif } from './support/validate-sarif.ts';

const SCHEMA = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../../schemas/audit-report.schema.json'), 'utf8'),
) as Parameters<typeof violations>[0];

const PAGES = path.resolve(import.meta.dirname, '../../../docs/rules');

/** The files that a page calls bad; its workflows have names of their own, so that all pages fit into one checkout. */
const badFilesOf = (rule: string, page: string): readonly (readonly [string, string])[] => {
  const section = page.split(/^## /m).find((one) => one.startsWith('Bad\n')) ?? '';
  return [...section.matchAll(/```(?:yaml|sh)\n(?:# (\S+\.\w+)\n)?([^]*?)```/g)].map(
    ([, file = '.github/workflows/release.yml', text = '']) => {
      const isOnly = !text.includes('uses: ./.github/workflows/') && file.startsWith('.github/workflows/release');
      return [isOnly ? `.github/workflows/${rule}.yml` : file, text];
    },
  );
};

let checkout: AuditCheckout;
beforeAll(() => {
  checkout = makeCheckout({ '.github/workflows/bad.yml': BAD, '.github/workflows/good.yml': GOOD });
});
afterAll(() => checkout.remove());

const FOUND = [
  '.github/workflows/bad.yml:12 migrate/swallowed-failure',
  '.github/workflows/bad.yml:19 image/mutable-tag-in-deploy',
];

describe('JSON', () => {
  test('is one document that the published schema accepts', async () => {
    const { stdout, exitCode } = await checkout.audit(['--json']);
    const report = JSON.parse(stdout);
    expect(violations(SCHEMA, report)).toEqual([]);
    expect(told(report)).toEqual(FOUND);
    expect(report.files).toEqual(['.github/workflows/bad.yml', '.github/workflows/good.yml']);
    expect(report.summary).toMatchObject({ errors: 2, exitCode: 1 });
    expect(exitCode).toBe(1);
  });

  test('is what --format json gives', async () => {
    const [short, long] = await Promise.all([checkout.audit(['--json']), checkout.audit(['--format', 'json'])]);
    expect(long.stdout).toBe(short.stdout);
  });

  test('of an error is one document', async () => {
    const { stdout, exitCode } = await checkout.audit(['--format', 'json', 'nowhere']);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 2, error: { code: 'PATH_MISSING' } });
    expect(exitCode).toBe(2);
  });

  test('has places that are what is meant', async () => {
    const { findings } = await checkout.report();
    const lines = BAD.split('\n');
    const meant = findings.map(({ line, column, endColumn }) => lines[line - 1]?.slice(column - 1, endColumn - 1));
    expect(meant[1]).toBe('ghcr.io/acme/shop:latest');
    expect(meant[0]).toMatch(/migrate --noinput|\|\| true/);
  });
});

describe('text', () => {
  test('shows the line with what is meant below, what is wrong, what mends it, and the page', async () => {
    const { stdout } = await checkout.audit([]);
    const block = stdout.slice(stdout.indexOf('.github/workflows/bad.yml:19:'));
    expect(block).toMatch(/^\.github\/workflows\/bad\.yml:19:23 {2}error image\/mutable-tag-in-deploy$/m);
    const [, source = '', mark = ''] = block.split('\n');
    expect(source.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('ghcr.io/acme/shop:latest');
    expect(block).toMatch(/^ {2}→ \S/m);
    expect(block).toContain('docs/rules/image-mutable-tag-in-deploy.md');
    expect(stdout).toContain('2 errors in 2 workflows');
    // No terminal, no colours.
    expect(stdout).not.toContain('\u001B');
  });

  test('of a good pipeline is one line', async () => {
    const { stdout, exitCode } = await checkout.audit(['.github/workflows/good.yml']);
    expect([stdout, exitCode]).toEqual(['No findings in 1 workflow\n', 0]);
  });

  test('does not show what is secret', async () => {
    const leaky = makeCheckout({
      '.github/workflows/a.yml': BAD.replace(
        '${{ secrets.DATABASE_URL }}',
        'postgres://app:Xk29vQz7Lm@db.example.org/app',
      ),
    });
    try {
      for (const format of ['text', 'json', 'sarif', 'github']) {
        const { stdout, stderr } = await leaky.audit(['--format', format]);
        expect(stdout).toContain('secret/literal-credential');
        expect(stdout + stderr).not.toContain('Xk29vQz7Lm');
      }
    } finally {
      leaky.remove();
    }
  });
});

describe('SARIF', () => {
  test('is a log of version 2.1.0 with a region, a fingerprint and a page for every result', async () => {
    const { stdout } = await checkout.audit(['--format', 'sarif']);
    const log = JSON.parse(stdout);
    expect(sarifViolations(log)).toEqual([]);
    const [run] = log.runs;
    expect(run.results.map((one: { ruleId: string }) => one.ruleId)).toEqual([
      'migrate/swallowed-failure',
      'image/mutable-tag-in-deploy',
    ]);
    for (const result of run.results) {
      expect(run.tool.driver.rules[result.ruleIndex]).toMatchObject({ id: result.ruleId });
      expect(run.tool.driver.rules[result.ruleIndex].help.markdown).toMatch(/^# \w/);
      // The manifest names neither a documentation site nor a repository.
      expect(run.tool.driver.rules[result.ruleIndex]).not.toHaveProperty('helpUri');
      expect(Object.values(result.partialFingerprints)).toHaveLength(1);
    }
    const [first] = run.results;
    expect(first.fixes[0].artifactChanges[0].replacements[0]).toMatchObject({ deletedRegion: { startLine: 12 } });
  });

  test("has no findings in Microsoft's validator: names, fixes, evidence and silenced findings included", async () => {
    const mixed = makeCheckout({
      '.github/workflows/bad.yml': BAD,
      '.github/workflows/silenced.yml': BAD.replace(' || true', ' || true # devsetup: ignore[migrate/*] see 12'),
    });
    try {
      await mixed.audit(['--format', 'sarif=out.sarif']);
      const file = path.join(mixed.root, 'out.sarif');
      const [first] = JSON.parse(readFileSync(file, 'utf8')).runs[0].tool.driver.rules;
      expect(first).toMatchObject({ id: 'workflow/invalid', name: 'WorkflowInvalid' });
      expect(await validateSarif(file)).toEqual([]);
    } finally {
      mixed.remove();
    }
  });

  test('has no findings there with what the pages of all rules call bad', async () => {
    const pages = readdirSync(PAGES).filter((name) => name !== 'README.md');
    const files = pages.flatMap((name) =>
      badFilesOf(name.replace(/\.md$/, ''), readFileSync(path.join(PAGES, name), 'utf8')),
    );
    const everything = makeCheckout({ 'manage.py': '', ...Object.fromEntries(files) });
    try {
      await everything.audit(['--format', 'sarif=out.sarif']);
      const file = path.join(everything.root, 'out.sarif');
      const { results } = JSON.parse(readFileSync(file, 'utf8')).runs[0];
      const rules = new Set(results.map(({ ruleId }: { readonly ruleId: string }) => ruleId));
      expect(rules.size).toBeGreaterThan(20);
      expect(await validateSarif(file)).toEqual([]);
    } finally {
      everything.remove();
    }
  });

  test('is checked by a validator that runs: it objects to a name that is the id', async () => {
    const { stdout } = await checkout.audit(['--format', 'sarif']);
    const log = JSON.parse(stdout);
    for (const rule of log.runs[0].tool.driver.rules) rule.name = rule.id;
    const file = path.join(checkout.root, 'broken.sarif');
    writeFileSync(file, JSON.stringify(log));
    expect(await validateSarif(file)).not.toEqual([]);
  });

  test('holds silenced findings as suppressed', async () => {
    const silenced = makeCheckout({
      '.github/workflows/a.yml': BAD.replace(
        ' || true',
        ' || true # devsetup: ignore[migrate/swallowed-failure] see 12',
      ),
    });
    try {
      const { stdout } = await silenced.audit(['--format', 'sarif']);
      const [result] = JSON.parse(stdout).runs[0].results;
      expect(result).toMatchObject({
        ruleId: 'migrate/swallowed-failure',
        suppressions: [{ kind: 'inSource', justification: 'see 12' }],
      });
    } finally {
      silenced.remove();
    }
  });
});

describe('annotations', () => {
  test('are a line a finding, with place and rule', async () => {
    const { stdout } = await checkout.audit(['--format', 'github']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(
      /^::error file=\.github\/workflows\/bad\.yml,line=19,endLine=19,col=23,endColumn=46,title=image\/mutable-tag-in-deploy::.*%0A/,
    );
  });
});

describe('several formats at once', () => {
  test('go to files, and text to stdout', async () => {
    const { stdout } = await checkout.audit([
      '--format',
      'sarif=out.sarif,json=out.json',
      '--format',
      'github=out.txt',
    ]);
    const read = (name: string): string => readFileSync(path.join(checkout.root, name), 'utf8');
    expect(stdout).toContain('2 errors in 2 workflows');
    expect(sarifViolations(JSON.parse(read('out.sarif')))).toEqual([]);
    expect(told(JSON.parse(read('out.json')))).toEqual(FOUND);
    expect(read('out.txt')).toMatch(/^::error /);
  });

  test.each([
    [['--format', 'json,sarif'], 'cannot both go to stdout'],
    [['--json', '--format', 'github'], 'cannot both go to stdout'],
    [['--format', 'sarfi'], 'Did you mean sarif?'],
    [['--format', 'json='], 'names no file'],
    [['--format', 'json=a,sarif=a'], 'two formats go to a'],
    [['--format', 'json=nowhere/a.json'], 'there is no folder'],
    [['--format', 'json=.github'], 'is a folder'],
  ])('%j is refused', async (args, expected) => {
    const { exitCode, stderr } = await checkout.audit(args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(expected)]);
  });
});
