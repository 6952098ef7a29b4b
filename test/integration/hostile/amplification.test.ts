import { afterEach, describe, expect, test } from 'vitest';

import { makeCheckout, type AuditCheckout } from '../audit/support/checkout.ts';

const FILE = '.github/workflows/a.yml';
const MEGABYTE = 1_048_576;

let checkout: AuditCheckout | undefined;
afterEach(() => checkout?.remove());

const workflow = (script: string): string =>
  `on: push\njobs:\n  migrate:\n    runs-on: x\n    steps:\n      - run: ${script}\n`;
const nested = (open: string, close: string, depth: number, inner: string): string =>
  open.repeat(depth) + inner + close.repeat(depth);

const ATTACKS: Readonly<Record<string, string>> = {
  'thousands of here-documents that never end on one line': workflow(`cat ${'<<E '.repeat(3000)}`),
  'a swallowed migration thousands of times on one line': workflow('python manage.py migrate || true; '.repeat(1000)),
  'tags that move, thousands of times on one line': workflow('docker pull a/b:latest; '.repeat(1500)),
  'command substitutions inside of each other': workflow(nested('$(', ')', 3000, 'python manage.py migrate || true')),
  'backquotes, quotes and braces that never end': workflow(`'${'`"${'.repeat(3000)}'`),
  'subshells inside of each other': workflow(nested('( ', ' )', 3000, 'true')),
  'ifs inside of each other': workflow(
    `|\n${nested('        if true; then\n', '        fi\n', 1500, '        true\n')}`,
  ),
  'aliases of aliases (billion laughs)': `on: push\nx0: &x0 [a, a, a, a, a, a, a, a, a, a]\n${Array.from(
    { length: 12 },
    (_, index) => `x${index + 1}: &x${index + 1} [${Array(10).fill(`*x${index}`).join(', ')}]\n`,
  ).join('')}jobs:\n  a:\n    runs-on: x\n    steps: *x12\n`,
  'a matrix of a billion jobs': `on: push\njobs:\n  a:\n    strategy:\n      matrix:\n${Array.from(
    { length: 9 },
    (_, index) => `        k${index}: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n`,
  ).join(
    '',
  )}    runs-on: x\n    steps:\n      - run: docker pull a/b:\${{ matrix.k0 }}\${{ matrix.k1 }}\${{ matrix.k2 }}\${{ matrix.k8 }}\n`,
  'two thousand jobs that need each other': `on: push\njobs:\n${Array.from(
    { length: 2000 },
    (_, index) => `  j${index}:\n    runs-on: x\n    needs: [j${index + 1}]\n    steps: [{run: x}]\n`,
  ).join('')}`,
  'expressions inside of each other': workflow(`echo \${{ ${nested('(', ')', 5000, 'github.ref')} }}`),
  'an expression of ten thousand parts': workflow(
    `echo \${{ ${Array(10_000).fill("format('{0}', github.ref)").join(' && ')} }}`,
  ),
  'variables that double': workflow(
    `|\n        a=xxxxxxxxxx\n${'        a=$a$a$a$a\n'.repeat(40)}        docker pull x/y:$a\n`,
  ),
  'loops inside of each other': workflow(
    `|\n${nested('        for i in 1 2 3 4 5 6 7 8 9; do\n', '        done\n', 12, '        docker pull a/b:latest\n')}`,
  ),
  'brace expansion of a billion words': workflow(`docker pull a/b:${'{1,2,3,4,5,6,7,8,9,10}'.repeat(9)}`),
  'a million characters without a blank': workflow('x'.repeat(900_000)),
  'shells inside of shells': workflow(`"${'bash -c '.repeat(1000)}true"`),
  'ssh inside of ssh': workflow(`"${'ssh a@b '.repeat(1500)}true"`),
  'eval inside of eval': workflow(`"${'eval '.repeat(1500)}true"`),
  'a pipe of thousands of commands': workflow(Array(1500).fill('cat').join(' | ')),
};

describe.each(Object.entries(ATTACKS))('%s', (name, text) => {
  test('keeps the output small and ends without a crash', async () => {
    checkout = makeCheckout({ [FILE]: text });
    const { exitCode, stdout, stderr } = await checkout.audit([]);
    expect([name, exitCode, stderr]).toEqual([name, expect.toBeOneOf([0, 1]), '']);
    expect(stdout.length, name).toBeLessThan(MEGABYTE / 4);
  });
});

test('what is not listed is counted, in text, in JSON and in annotations', async () => {
  checkout = makeCheckout({ [FILE]: workflow(`cat ${'<<E '.repeat(500)}`) });
  const { findings, summary } = await checkout.report();
  expect(summary.hidden).toBeGreaterThan(400);
  expect(findings.length + summary.hidden).toBe(summary.errors + summary.warnings + summary.infos + summary.suppressed);
  expect((await checkout.audit([])).stdout).toContain(`${summary.hidden} more findings not listed`);
  const { stdout } = await checkout.audit(['--format', 'github']);
  expect(stdout.match(/^::error /gm)?.length ?? 0).toBeLessThanOrEqual(10);
  expect(stdout.match(/^::warning /gm)?.length ?? 0).toBeLessThanOrEqual(10);
  expect(stdout).toContain('more, which GitHub would not show as annotations');
});
