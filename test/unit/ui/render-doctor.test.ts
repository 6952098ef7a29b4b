import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';

import type { DoctorReport } from '../../../src/core/doctor-report.ts';
import { displayWidth } from '../../../src/ui/fit-text.ts';
import { renderDoctor, type DoctorTextOptions } from '../../../src/ui/render-doctor.ts';
import { renderJson } from '../../../src/ui/render-json.ts';
import { exampleCheck, exampleDoctor, exampleFinding } from './support/example-doctor.ts';
import { violations } from './support/json-schema.ts';

const render = (report: DoctorReport, options: Partial<DoctorTextOptions> = {}): string =>
  renderDoctor(report, {
    columns: undefined,
    color: false,
    verbose: false,
    docsPath: (docs) => `node_modules/django-devsetup/${docs}`,
    filePath: (file) => `../${file}`,
    devsetup: 'npx devsetup',
    ...options,
  });

const blocked = (id: string, blockedBy: string, changes: Parameters<typeof exampleCheck>[0] = { id }) =>
  exampleCheck({ status: 'could-not-check', message: 'it cannot be asked', blockedBy, ...changes, id });

describe('the text of the doctor', () => {
  test('is one line a group and one at the end where all is well', () => {
    const report = exampleDoctor([
      exampleCheck({ id: 'node' }),
      exampleCheck({ id: 'python' }),
      exampleCheck({ id: 'compose', group: 'dev-container', status: 'not-applicable' }),
      exampleCheck({ id: 'last-run', group: 'last-run', status: 'skipped' }),
    ]);
    expect(render(report)).toBe('✔ Toolchain  2 passed\nHealthy: 2 passed, 1 left out (2.3s)\n');
    expect(render(report, { verbose: true })).toContain(
      '– Dev container  1 not applicable\n    – compose: as it should be',
    );
  });

  test('has errors first, then what shows it, what mends it, and where to read more', () => {
    const report = exampleDoctor([
      exampleCheck({ id: 'node', findings: [exampleFinding({ code: 'node-old', severity: 'warning' })] }),
      exampleCheck({
        id: 'python',
        findings: [
          exampleFinding({
            code: 'python-missing',
            evidence: ['one', 'two'],
            place: { file: 'backend/pyproject.toml', line: 3, column: null },
            remedy: { text: 'Install it.', command: 'apt install python3' },
            fix: 'run the step x',
          }),
        ],
      }),
      exampleCheck({ id: 'disk' }),
    ]);
    expect(render(report)).toBe(
      [
        '✖ Toolchain  1 error, 1 warning, 1 passed',
        '  error: python-missing is wrong.',
        '      ../backend/pyproject.toml:3',
        '      one',
        '      two',
        '    → Install it.',
        '      apt install python3',
        '    node_modules/django-devsetup/docs/findings/python-missing.md',
        '  warning: node-old is wrong.',
        '    → Mend node-old.',
        '    node_modules/django-devsetup/docs/findings/node-old.md',
        '',
        '1 error, 1 warning; 1 passed (2.3s)',
        '',
        'Next',
        '  npx devsetup doctor --fix  fixes 1 of these',
        '',
      ].join('\n'),
    );
  });

  test('says once what mends several, and once what is said twice', () => {
    const remedy = { text: 'Let devsetup do it.', command: 'npx devsetup' };
    const twice = exampleFinding({ code: 'same', message: 'The same.', remedy });
    const report = exampleDoctor([
      exampleCheck({
        id: 'a',
        findings: [
          { ...twice, evidence: ['here'] },
          { ...twice, evidence: ['there'] },
          exampleFinding({ code: 'other', remedy }),
        ],
      }),
    ]);
    const text = render(report);
    expect(text.match(/Let devsetup do it/g)).toHaveLength(1);
    expect(text).toContain('  error: The same.\n      here\n      there\n  error: other is wrong.\n    → Let');
    expect(text.match(/findings\/same\.md/g)).toHaveLength(1);
  });

  test('does not repeat the place that the message names', () => {
    const place = { file: 'backend/settings.py', line: 85, column: null };
    const message = 'The settings cannot be loaded: SyntaxError: invalid syntax (backend/settings.py:85: def x(:)';
    const text = render(
      exampleDoctor([
        exampleCheck({ id: 'a', findings: [exampleFinding({ code: 'a', message, evidence: [], place })] }),
      ]),
    );
    expect(text.match(/settings\.py:85/g)).toHaveLength(1);
  });

  test('cuts long evidence, unless all of it is wanted', () => {
    const evidence = Array.from({ length: 70 }, (_, index) => `line ${index}`);
    const report = exampleDoctor([exampleCheck({ id: 'a', findings: [exampleFinding({ code: 'long', evidence })] })]);
    expect(render(report)).toContain('      line 5\n      … and 64 more (--verbose)\n');
    expect(render(report, { verbose: true })).toContain('line 69');
  });

  test('ends a chain of what waits for what in its cause', () => {
    const report = exampleDoctor([
      exampleCheck({ id: 'connection', group: 'database', findings: [exampleFinding({ code: 'database-missing' })] }),
      blocked('version', 'database-missing', { id: 'version', group: 'database' }),
      blocked('shared-migrations', 'database-missing', { id: 'shared-migrations', group: 'setup' }),
      blocked('super-tenant', 'shared-migrations-needed', { id: 'super-tenant', group: 'setup' }),
    ]);
    const text = render(report);
    expect(text).toContain('– Setup     2 not checked\n');
    expect(text).toContain('– not checked until database-missing is fixed: version, shared-migrations, super-tenant\n');
    expect(text).toContain('1 error, 3 not checked; 0 passed');
  });

  test('says why, where no finding does; the network is to blame only for a warning', () => {
    const report = exampleDoctor(
      [
        blocked('left-out', 'silenced'),
        exampleCheck({ id: 'gh', status: 'could-not-check', message: 'github.com does not answer', network: true }),
      ],
      { exitCode: 0 },
    );
    const text = render(report);
    expect(text).toContain('  could not check left-out: it cannot be asked (silenced)\n');
    expect(text).toContain('  could not check gh: github.com does not answer\n');
    expect(text).toContain('1 warning, 1 not checked; 0 passed');
  });

  test('tells what was mended, and does not ask for it again', () => {
    const fix = { codes: ['a'], action: 'run the step a', outcome: 'failed', message: 'no disk' } as const;
    const report = exampleDoctor(
      [exampleCheck({ id: 'a', findings: [exampleFinding({ code: 'a', fix: 'run the step a' })] })],
      { fixes: [{ ...fix, outcome: 'done', message: null, action: 'edit .env' }, fix] },
    );
    const text = render(report);
    expect(text).toContain('Fixes\n  ✔ edit .env: done\n  ✖ run the step a: failed: no disk\n');
    expect(text).not.toContain('Next');
    expect(render({ ...report, outcome: 'interrupted', exitCode: 130 })).toMatch(
      /Interrupted .* what was done stays done/,
    );
  });

  test('fits the terminal, but for what is to be copied', () => {
    const words = 'a sentence of many words '.repeat(8).trim();
    const report = exampleDoctor([
      exampleCheck({
        id: 'a',
        findings: [
          exampleFinding({
            code: 'a',
            message: words,
            evidence: [words],
            remedy: { text: words, command: `run ${words}` },
          }),
        ],
      }),
    ]);
    const lines = render(report, { columns: 50, docsPath: () => 'x.md' }).split('\n');
    const wide = lines.filter((line) => displayWidth(line) > 50);
    expect(wide).toEqual([`      run ${words}`]);
  });
});

describe('the document', () => {
  const schema = async () =>
    JSON.parse(await readFile(new URL('../../../schemas/doctor-report.schema.json', import.meta.url), 'utf8'));
  const report = exampleDoctor([
    exampleCheck({
      id: 'a',
      findings: [exampleFinding({ code: 'a-b', place: { file: 'x', line: 1, column: null } })],
    }),
  ]);

  test('is what the schema says', async () => {
    const root = await schema();
    expect(violations(root, JSON.parse(renderJson(report)))).toEqual([]);
  });

  test.each([
    ['a field nobody knows', { ...report, extra: 1 }],
    ['another version', { ...report, schemaVersion: 2 }],
    ['a group there is not', { ...report, checks: [{ ...report.checks[0], group: 'x' }] }],
    ['a check without a status', { ...report, checks: [{ id: 'a' }] }],
  ])('is refused by it with %s', async (_, document) => {
    const root = await schema();
    expect(violations(root, document)).not.toEqual([]);
  });
});
