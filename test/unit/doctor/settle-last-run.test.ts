import { expect, test } from 'vitest';

import type { CheckResult, Finding } from '../../../src/core/check.ts';
import { settleLastRun } from '../../../src/doctor/settle-last-run.ts';

const finding = (code: string, severity: Finding['severity']): Finding => ({
  code,
  severity,
  message: `${code}.`,
  evidence: [],
  remedy: { text: 'Do it.', command: null },
  place: null,
  fix: null,
});
const result = (changes: Partial<CheckResult>): CheckResult => ({
  id: 'database',
  group: 'setup',
  title: 'Database',
  status: 'passed',
  message: 'it is there',
  findings: [],
  blockedBy: null,
  network: false,
  milliseconds: 1,
  ...changes,
});
const failed = result({
  id: 'last-run',
  group: 'last-run',
  status: 'findings',
  message: 'it failed.',
  findings: [finding('last-run-failed', 'warning')],
});
const settled = (...others: readonly CheckResult[]): string | undefined =>
  settleLastRun([...others, failed], 'DATABASE_UNREACHABLE').at(-1)?.status;

test('a run that failed is history once all is in place', () => {
  expect(settled(result({}), result({ status: 'not-applicable' }))).toBe('passed');
  expect(
    settled(result({}), result({ group: 'environment', status: 'findings', findings: [finding('x', 'warning')] })),
  ).toBe('passed');
});

test.each<[string, readonly CheckResult[]]>([
  ['nothing was looked at', []],
  ['a step was left out', [result({}), result({ status: 'skipped' })]],
  ['a step could not be looked at', [result({}), result({ status: 'could-not-check' })]],
  ['a step is needed', [result({}), result({ status: 'findings', findings: [finding('x-needed', 'warning')] })]],
  [
    'there is an error elsewhere',
    [result({}), result({ group: 'django', status: 'findings', findings: [finding('x', 'error')] })],
  ],
  ['the checkout cannot be opened', [result({}), result({ group: 'checkout', id: 'checkout', status: 'findings' })]],
])('it is told where %s', (_, others) => {
  expect(settled(...others)).toBe('findings');
});

test('a run that goes on is told in any case', () => {
  const running = { ...failed, findings: [finding('run-in-progress', 'info')] };
  expect(settleLastRun([result({}), running], null).at(-1)?.status).toBe('findings');
});

test('a run that failed for an error that is found here too is no finding of its own', () => {
  const unreachable = finding('database-unreachable', 'error');
  const found = result({ status: 'findings', findings: [unreachable] });
  expect(settleLastRun([found, failed], 'DATABASE_UNREACHABLE').at(-1)).toMatchObject({
    status: 'could-not-check',
    blockedBy: 'database-unreachable',
    findings: [],
  });
  expect(settleLastRun([found, failed], 'PASSWORD_REJECTED').at(-1)?.status).toBe('findings');
  // That the container does not run its hook again is another matter.
  const hook = { ...failed, findings: [finding('create-not-retried', 'warning')] };
  expect(settleLastRun([found, hook], 'DATABASE_UNREACHABLE').at(-1)?.status).toBe('findings');
});
