import { describe, expect, it } from 'vitest';

import type { RunReport } from '../../../src/core/report.ts';
import type { StepResult } from '../../../src/core/step.ts';
import { annotationsOf } from '../../../src/pipeline/github/annotations.ts';
import { outputsOf, renderOutputs } from '../../../src/pipeline/github/outputs.ts';
import { renderStepSummary } from '../../../src/pipeline/github/step-summary.ts';
import type { TenantRow } from '../../../src/pipeline/github/tenant-rows.ts';
import { neutralise, neutraliseJson } from '../../../src/core/workflow-text.ts';
import { workflowCommand } from '../../../src/pipeline/github/workflow-command.ts';

const step = (over: Partial<StepResult>): StepResult => ({
  id: 'tenant-migrations',
  title: 'Tenant migrations',
  status: 'failed',
  message: 'm',
  details: [],
  actions: [],
  warnings: [],
  milliseconds: 1234,
  failure: null,
  data: {},
  ...over,
});

const row = (schema: string, over: Partial<TenantRow> = {}): TenantRow => ({
  schema,
  outcome: 'migrated',
  seconds: 1,
  applied: 1,
  error: null,
  tries: 1,
  migrations: [],
  failedMigration: null,
  place: null,
  ...over,
});

const reportOf = (steps: readonly StepResult[], warnings: readonly string[] = []): RunReport => ({
  schemaVersion: 1,
  command: 'migrate',
  version: '0',
  project: '/shop',
  outcome: 'failed',
  exitCode: 1,
  startedAt: '',
  milliseconds: 1,
  djangoStarts: 1,
  logFile: null,
  steps,
  warnings,
  environment: 'prod',
  shard: { index: 1, count: 4 },
});

describe('lines for the runner', () => {
  it('escape message and properties', () => {
    expect(workflowCommand('error', '100%\r\n::x', { title: 'a: b,c\n%', file: undefined, line: 3 })).toBe(
      '::error title=a%3A b%2Cc%0A%25,line=3::100%25%0D%0A::x',
    );
  });

  it('text becomes none of them', () => {
    const isCommand = (line: string): boolean => /^[\s\u0085]*::/.test(line) || line.includes('##[');
    for (const text of [
      '::error::x',
      ' \t::x',
      '\u00a0::x',
      'a\r::x',
      'a\n\n::x::',
      ':::x',
      'a ##[error]x',
      '\u0085::x',
    ])
      expect(
        neutralise(text)
          .split(/\r\n|\r|\n/)
          .some(isCommand),
      ).toBe(false);
    expect(neutralise('a::b and std::string')).toBe('a::b and std::string');
    const value = { text: 'a ##[error]' };
    expect(JSON.parse(neutraliseJson(JSON.stringify(value)))).toEqual(value);
    expect(neutraliseJson(JSON.stringify(value))).not.toContain('##[');
  });

  it('join the same failure of many tenants, and are at most ten of a kind', () => {
    const failed = Array.from({ length: 300 }, (_, at) =>
      row(`t${at}`, { outcome: 'failed', error: `boom ${at % 40}`, failedMigration: 'shop.0002_x' }),
    );
    const lines = annotationsOf(reportOf([step({ data: { tenants: failed } })], Array(30).fill('w')), '/shop');
    expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(10);
    expect(lines.filter((line) => line.startsWith('::warning'))).toHaveLength(10);
    expect(lines[1]).toBe('::error title=shop.0002_x::boom 0%0Ain t0, t40, t80, t120, t160, t200, t240, t280');
  });

  it('report steps that failed for the same reason once', () => {
    const failure = { code: 'NPM_MISSING', message: 'npm is not there', hint: 'install it', output: [] };
    const same = [step({ id: 'a', title: 'A', failure }), step({ id: 'b', title: 'B', failure })];
    expect(annotationsOf(reportOf(same), '/shop')).toEqual([
      '::error title=A%2C B%3A failed::npm is not there%0Ainstall it',
    ]);
    expect(renderStepSummary(reportOf(same), 'prod', 100_000).match(/install it/g)).toHaveLength(1);
  });

  it('name a file of the checkout only', () => {
    const at = (file: string): string =>
      annotationsOf(
        reportOf([
          step({ data: { tenants: [row('a', { outcome: 'failed', error: 'x', place: { file, line: 7 } })] } }),
        ]),
        '/shop',
      )[1] ?? '';
    expect(at('/shop/a,b/m.py')).toContain('file=a%2Cb/m.py,line=7');
    expect(at('/usr/lib/m.py')).not.toContain('file=');
  });
});

describe('the summary', () => {
  const tenants = [
    ...Array.from({ length: 9_000 }, (_, at) => row(`tenant_${at}`, { seconds: at, error: null })),
    row('last|<b>`x`\n@all', { outcome: 'failed', error: 'e | <img src=x> [a](b)\n# h', failedMigration: 'a.0001' }),
    row('never', { outcome: 'not-attempted' }),
  ];

  it('has failures first, escapes everything, and never exceeds its limit', () => {
    const text = renderStepSummary(reportOf([step({ data: { tenants, upToDate: 5 } })]), 'prod', 100_000);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(100_000);
    expect(text).toContain('1 failed, 1 not attempted, 9000 migrated, 5 up to date');
    const rows = text.split('\n').filter((line) => / \| (failed|not-attempted|migrated) \| \d/.test(line));
    expect(rows[1]).toContain('last\\|&lt;b&gt;\\`x\\` &#64;all');
    expect(rows[1]).toContain('e \\| &lt;img src=x&gt; \\[a\\]\\(b\\) \\# h');
    expect(rows[2]).toContain('never');
    expect(rows[3]).toContain('tenant\\_8999');
    expect(text).toMatch(/… and \d+ more, all of them in the log/);
    const all = renderStepSummary(reportOf([step({ data: { tenants } })]), 'prod', 1_000_000);
    expect(all).not.toContain('more, all of them');
  });

  it('has one row for what was not attempted, and its cause only where there are several', () => {
    const waiting = (id: string, message: string): StepResult =>
      step({ id, title: id, status: 'not-attempted', message });
    const rowsOf = (...steps: readonly StepResult[]): readonly string[] =>
      renderStepSummary(reportOf([step({ title: 'Database', message: 'nothing listens' }), ...steps]), 'prod', 100_000)
        .split('\n')
        .filter((line) => line.includes('not-attempted'));
    const [one, two] = [waiting('one', 'waits for database'), waiting('two', 'waits for database')];
    expect(rowsOf(one, two)).toEqual(['| one, two | not-attempted |  |  |']);
    expect(rowsOf(one, two, waiting('three', 'not reached'))).toEqual([
      '| one, two | not-attempted |  | waits for database |',
      '| three | not-attempted |  | not reached |',
    ]);
  });

  it('lists the slowest migrations of all schemas', () => {
    const timed = (migration: string, seconds: number, faked = false) => ({ migration, seconds, faked });
    const report = reportOf([
      step({ id: 'shared-migrations', data: { migrations: [timed('s.0001', 3), timed('s.0002', 99, true)] } }),
      step({
        data: {
          tenants: [row('a', { migrations: [timed('t.0001', 5)] }), row('b', { migrations: [timed('t.0001', 1)] })],
        },
      }),
    ]);
    const slow = renderStepSummary(report, 'prod', 1_000_000).split('### Slowest migrations')[1] ?? '';
    expect(slow.match(/[st]\.000\d \| \w+ \| [\d.]+/g)).toEqual([
      't.0001 | a | 5.00',
      's.0001 | shared | 3.00',
      't.0001 | b | 1.00',
    ]);
  });
});

describe('the outputs', () => {
  it('count the tenants, and list those to repeat as JSON on one line', () => {
    const tenants = [row('a'), row('x\ny=z', { outcome: 'failed' }), row('n', { outcome: 'not-attempted' })];
    const outputs = outputsOf(reportOf([step({ data: { tenants, upToDate: 2 } })]));
    expect(outputs).toMatchObject({
      status: 'failed',
      changed: 'true',
      shard: '1/4',
      'tenants-total': '5',
      'tenants-migrated': '1',
      'tenants-up-to-date': '2',
      'tenants-failed': '1',
      'tenants-not-attempted': '1',
      'tenants-to-repeat': String.raw`["x\ny=z","n"]`,
    });
    expect(renderOutputs(outputs).trimEnd().split('\n')).toHaveLength(Object.keys(outputs).length);
  });

  it('say changed where a step failed that had done something', () => {
    const shared = step({ id: 'shared-migrations', data: { applied: ['a.0001'], notApplied: ['a.0002'] } });
    expect(outputsOf(reportOf([shared]))['changed']).toBe('true');
    expect(outputsOf(reportOf([step({})]))['changed']).toBe('false');
  });
});
