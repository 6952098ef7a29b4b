import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src/core/events.ts';
import { createPlainView } from '../../../src/ui/plain-view.ts';
import { doneReport, exampleStep } from './support/example-report.ts';

const show = (verbose: boolean, color = false) => {
  const written = { progress: '', result: '' };
  let time = 0;
  const due = new Map<() => void, number>();
  const view = createPlainView({
    stream: { write: (text) => (written.progress += text) },
    result: { write: (text) => (written.result += text) },
    renderResult: () => 'the result\n',
    verbose,
    color,
    now: () => time,
    after: (milliseconds, call) => {
      due.set(call, time + milliseconds);
      return () => void due.delete(call);
    },
  });
  const wait = (milliseconds: number): void => {
    time += milliseconds;
    for (const [call, at] of due) if (at <= time && due.delete(call)) call();
  };
  return { written, view, wait };
};

const id = 'shared-migrations';
const events: readonly RunEvent[] = [
  { type: 'notice', level: 'info', text: 'the log is elsewhere' },
  { type: 'notice', level: 'verbose', text: 'DATABASE_URL comes from .env' },
  { type: 'step-started', id, title: 'Shared migrations', phase: 'inspect' },
  { type: 'step-started', id, title: 'Shared migrations', phase: 'apply' },
  { type: 'step-output', id, chunk: 'Applying \u001B[32mcrm.' },
  { type: 'step-output', id, chunk: '0001\u001B[0m\nno line end' },
  { type: 'step-warning', id, text: 'faked one' },
  {
    type: 'step-finished',
    result: exampleStep({ id, status: 'changed', message: '42 migrations applied\nand more', milliseconds: 3200 }),
  },
];

test('one line an event, and the result apart from it', async () => {
  const { written, view } = show(false);
  events.forEach(view.event);
  await view.finish(doneReport);
  expect(written).toEqual({
    progress: `the log is elsewhere
[shared-migrations] Shared migrations …
[shared-migrations] warning: faked one
[shared-migrations] changed in 3.2s: 42 migrations applied
`,
    result: 'the result\n',
  });
});

test('--verbose adds the output of commands, in whole plain lines', () => {
  const { written, view } = show(true);
  events.forEach(view.event);
  expect(written.progress).toBe(`the log is elsewhere
DATABASE_URL comes from .env
[shared-migrations] Shared migrations …
[shared-migrations] | Applying crm.0001
[shared-migrations] warning: faked one
[shared-migrations] | no line end
[shared-migrations] changed in 3.2s: 42 migrations applied
`);
});

const quiet: readonly RunEvent[] = (['unchanged', 'skipped', 'not-applicable'] as const).map((status) => ({
  type: 'step-finished',
  result: exampleStep({ id: status, status }),
}));

test('what was as it should be is shown only once something else happens', async () => {
  const { written, view } = show(false);
  quiet.forEach(view.event);
  await view.finish({ ...doneReport, outcome: 'unchanged' });
  expect(written).toEqual({ progress: '', result: 'the result\n' });

  const busy = show(false);
  [...quiet, ...events.slice(0, 1)].forEach(busy.view.event);
  const lines = '[unchanged] unchanged: as it should be\n[skipped] skipped: as it should be\n';
  expect(busy.written.progress).toBe(`${lines}the log is elsewhere\n`);

  const pipeline = show(false);
  quiet.forEach(pipeline.view.event);
  await pipeline.view.finish({ ...doneReport, outcome: 'unchanged', command: 'migrate' });
  expect(pipeline.written.progress).toBe(lines);
});

test('progress comes at most every five seconds for each step', () => {
  const { written, view, wait } = show(false);
  for (let tenant = 0; tenant < 100; tenant += 1) {
    view.event({ type: 'step-update', id: 'tenant-migrations', text: `${tenant}/100` });
    wait(100);
  }
  view.event({ type: 'step-update', id: 'database', text: 'waiting for localhost:5432 …' });
  expect(written.progress).toBe(`[tenant-migrations] 0/100
[tenant-migrations] 49/100
[tenant-migrations] 99/100
[database] waiting for localhost:5432 …
`);
});

test('what takes long is named: the latest progress that was held back follows, unless the step has ended', () => {
  const { written, view, wait } = show(false);
  for (const text of ['migration 1 of 3', 'migration 2 of 3', 'migration 3 of 3'])
    view.event({ type: 'step-update', id, text });
  wait(4_999);
  expect(written.progress).toBe(`[${id}] migration 1 of 3\n`);
  wait(60_000);
  expect(written.progress).toBe(`[${id}] migration 1 of 3\n[${id}] migration 3 of 3\n`);
  view.event({ type: 'step-update', id, text: 'too late' });
  view.event({ type: 'step-finished', result: exampleStep({ id, status: 'changed' }) });
  wait(60_000);
  expect(written.progress).not.toContain('too late');
});

test('colour marks the status where it is allowed, and moves no cursor', () => {
  const { written, view } = show(false, true);
  events.forEach(view.event);
  expect(written.progress).toContain('\u001B[32mchanged\u001B[39m');
  // eslint-disable-next-line no-control-regex
  expect(written.progress.replace(/\u001B\[\d+m/g, '')).not.toContain('\u001B');
});
