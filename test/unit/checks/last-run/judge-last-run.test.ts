import { describe, expect, test } from 'vitest';

import { judgeLastRun, type LastRunFacts } from '../../../../src/checks/last-run/judge-last-run.ts';
import { doneReport, failedReport, interruptedReport } from '../../ui/support/example-report.ts';

const mark = { pid: 7, startedAt: '2026-01-02T03:04:05.000Z' };
const facts = (changes: Partial<LastRunFacts>): LastRunFacts => ({
  state: { kind: 'never' },
  now: new Date('2026-01-02T05:04:10.000Z'),
  log: null,
  hook: null,
  ...changes,
});
const hook = { name: 'postCreateCommand', isOver: true };
const codes = (changes: Partial<LastRunFacts>): readonly string[] => {
  const outcome = judgeLastRun(facts(changes));
  return outcome.kind === 'problems'
    ? outcome.problems.map(({ code, remedy }) => `${code}: ${remedy.command}`)
    : [outcome.kind];
};

describe('the last run', () => {
  test.each<[string, Partial<LastRunFacts>, string]>([
    ['never', {}, 'not-applicable'],
    ['good', { state: { kind: 'ended', report: doneReport } }, 'passed'],
    ['failed', { state: { kind: 'ended', report: failedReport } }, 'last-run-failed: npx devsetup'],
    ['interrupted', { state: { kind: 'ended', report: interruptedReport } }, 'last-run-cut-short: npx devsetup'],
    ['killed', { state: { kind: 'cut-short', mark } }, 'last-run-cut-short: npx devsetup'],
    ['running', { state: { kind: 'running', mark } }, 'run-in-progress: npx devsetup status'],
  ])('%s', (_, changes, expected) => {
    expect(codes(changes)).toEqual([expected]);
  });

  const retry = 'create-not-retried: npx devsetup --if-needed';
  test.each<[string, Partial<LastRunFacts>, string]>([
    ['failed', { state: { kind: 'ended', report: failedReport } }, retry],
    ['killed', { state: { kind: 'cut-short', mark } }, retry],
    ['never', {}, retry],
    ['good', { state: { kind: 'ended', report: doneReport } }, 'passed'],
    ['running', { state: { kind: 'running', mark } }, 'run-in-progress: npx devsetup status'],
  ])('in a dev container whose hook is not run again: %s', (_, changes, expected) => {
    expect(codes({ ...changes, hook })).toEqual([expected]);
  });

  test('has not begun where the hook may still be on its way', () => {
    expect(codes({ hook: { ...hook, isOver: false } })).toEqual(['not-applicable']);
  });

  test('that failed: step, age, cause and log', () => {
    const outcome = judgeLastRun(facts({ state: { kind: 'ended', report: failedReport }, log: '/tmp/log' }));
    if (outcome.kind !== 'problems') throw new Error(outcome.kind);
    expect(outcome.problems[0]?.message).toBe('The last run of devsetup failed 2 hours ago at "Shared migrations".');
    expect(outcome.problems[0]?.evidence).toEqual([expect.stringContaining('crm.0003_rename'), 'log: /tmp/log']);
  });
});
