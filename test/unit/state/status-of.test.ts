import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';

import type { StatusReport } from '../../../src/core/status-report.ts';
import type { RunState } from '../../../src/state/run-state.ts';
import { statusOf } from '../../../src/state/status-of.ts';
import { renderStatus } from '../../../src/ui/render-status.ts';
import { doneReport, failedReport, interruptedReport } from '../ui/support/example-report.ts';
import { violations } from '../ui/support/json-schema.ts';

const schema = JSON.parse(await readFile(new URL('../../../schemas/status.schema.json', import.meta.url), 'utf8'));
const problemsOf = (document: unknown): readonly string[] => violations(schema, document);

const mark = { pid: 7, startedAt: '2026-01-02T03:04:05.000Z', logFile: '/tmp/the log' };
const states: Readonly<Record<string, RunState>> = {
  never: { kind: 'never' },
  running: { kind: 'running', mark },
  'cut short': { kind: 'cut-short', mark },
  done: { kind: 'ended', report: doneReport },
  failed: { kind: 'ended', report: failedReport },
  interrupted: { kind: 'ended', report: interruptedReport },
};
const status = (state: RunState | undefined): StatusReport =>
  statusOf(state ?? { kind: 'never' }, { version: '1.2.3', project: '/project' });

describe('the status of a checkout', () => {
  test.each(Object.keys(states))('is a document that the published schema accepts: %s', (name) => {
    expect(problemsOf(JSON.parse(JSON.stringify(status(states[name]))))).toEqual([]);
  });

  test.each([
    ['a field nobody knows', { extra: 1 }],
    ['another version', { schemaVersion: 2 }],
    ['an outcome there is not', { outcome: 'fine' }],
    ['another exit code', { exitCode: 2 }],
  ])('is refused by it with %s', (_, changes) => {
    expect(problemsOf({ ...status({ kind: 'never' }), ...changes })).not.toEqual([]);
  });

  test.each([
    ['never', 'never-ran', 0, 'npx devsetup'],
    ['running', 'running', 0, "tail -f '/tmp/the log'"],
    ['cut short', 'cut-short', 1, 'npx devsetup'],
    ['done', 'succeeded', 0, null],
    ['failed', 'failed', 1, 'npx devsetup doctor'],
    ['interrupted', 'interrupted', 1, 'npx devsetup'],
  ])('%s: %s, exit code %i, next %s', (name, outcome, exitCode, next) => {
    expect(status(states[name])).toMatchObject({ outcome, exitCode, next });
  });

  test('names the step that failed, with its cause in one line', () => {
    const { step } = status(states['failed']);
    expect(step?.title).toBe(failedReport.steps.find(({ status: of }) => of === 'failed')?.title);
    expect(step?.message).not.toContain('\n');
  });

  test.each(Object.keys(states))('is three lines at the most: %s', (name) => {
    const text = renderStatus(status(states[name]), new Date('2026-01-02T05:04:10.000Z'));
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
    expect(text).toMatchSnapshot();
  });

  test('breaks sentences, and never the command to type, on a narrow terminal', () => {
    const lines = renderStatus(status(states['failed']), new Date('2026-01-02T05:04:10.000Z'), 20).split('\n');
    expect(lines).toContain('Next: npx devsetup doctor');
    for (const line of lines.filter((one) => / /.test(one) && !one.startsWith('Next:')))
      expect(line.length).toBeLessThanOrEqual(20);
  });

  test('shows no escape sequence of a cause', () => {
    const [first = doneReport.steps[0]] = failedReport.steps;
    if (first === undefined) throw new Error('no step');
    const steps = [{ ...first, status: 'failed' as const, message: 'a\u001B[31mb\u0007', failure: null }];
    const text = renderStatus(status({ kind: 'ended', report: { ...failedReport, steps } }), new Date());
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F]/);
  });
});
