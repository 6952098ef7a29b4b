import { describe, expect, test } from 'vitest';

import { REPORT_SCHEMA_VERSION, type RunReport } from '../../../src/core/report.ts';
import { STEP_IDS, type StepStatus } from '../../../src/core/step.ts';
import { judgeRuns } from '../../../src/demo/judge-runs.ts';

const report = (status: StepStatus, others: Readonly<Record<string, StepStatus>> = {}, exitCode = 0): RunReport => ({
  schemaVersion: REPORT_SCHEMA_VERSION,
  command: 'devsetup',
  version: '0.0.0',
  project: '/project',
  outcome: exitCode === 0 ? 'done' : 'failed',
  exitCode,
  startedAt: '2026-01-01T00:00:00.000Z',
  milliseconds: 1,
  djangoStarts: 1,
  logFile: null,
  warnings: [],
  steps: STEP_IDS.map((id) => ({
    id,
    title: id,
    status: others[id] ?? status,
    message: '',
    details: [],
    actions: [],
    warnings: [],
    milliseconds: 0,
    failure: null,
    data: {},
  })),
});

describe('what makes the demo a success', () => {
  const first = report('changed');
  const second = report('unchanged');

  test('a first run that changed everything and a second that changed nothing', () => {
    expect(judgeRuns({ first, second, isNew: true })).toEqual([]);
  });

  test('in a folder made earlier the first run may find anything in place', () => {
    expect(judgeRuns({ first: second, second, isNew: false })).toEqual([]);
  });

  test.each([
    [
      'a new folder where nothing changed',
      { first: second, second, isNew: true },
      'database is unchanged, not changed',
    ],
    ['a second run that changed', { first, second: first, isNew: true }, 'in the second run database is changed'],
    [
      'a skipped step',
      { first, second: report('unchanged', { superuser: 'skipped' }), isNew: true },
      'superuser is skipped',
    ],
    [
      'a failure',
      { first: report('failed', {}, 1), second: undefined, isNew: true },
      'the first run ended with exit code 1',
    ],
    ['no report', { first: undefined, second: undefined, isNew: false }, 'the first run left no report'],
  ])('%s is named', (_, runs, problem) => {
    expect(judgeRuns(runs).join('\n')).toContain(problem);
  });
});
