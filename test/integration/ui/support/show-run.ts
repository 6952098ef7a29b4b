import type { RunEvent } from '../../../../src/core/events.ts';
import type { RunReport } from '../../../../src/core/report.ts';
import type { StepResult, StepStatus } from '../../../../src/core/step.ts';
import { createView } from '../../../../src/ui/create-view.ts';
import { renderSummary } from '../../../../src/ui/render-summary.ts';
import { setTimeout as sleep } from 'node:timers/promises';

/** Shows a made-up run in the live view: a program of its own, because a pseudo-terminal needs one. */
const steps = [
  { id: 'backend-dependencies', title: 'Backend dependencies' },
  { id: 'frontend-dependencies', title: 'Frontend dependencies' },
  { id: 'database', title: 'Database' },
  { id: 'tenant-migrations', title: 'Tenant migrations' },
  { id: 'seed', title: 'A step of the project with a title that is rather long' },
];

const result = (id: string, status: StepStatus, message: string): StepResult => ({
  id,
  title: steps.find((step) => step.id === id)?.title ?? id,
  status,
  message,
  details: [],
  actions: [],
  warnings: [],
  milliseconds: 1234,
  failure:
    status === 'failed'
      ? { code: 'TENANT_FAILED', message, hint: 'devsetup --only-tenants acme', output: ['boom'] }
      : null,
  data: {},
});

const isUnchanged = process.argv.includes('--unchanged');
const failing = [
  result('backend-dependencies', 'unchanged', 'installed, nothing changed since'),
  process.argv.includes('--without-frontend')
    ? result('frontend-dependencies', 'not-applicable', 'no package.json found')
    : result('frontend-dependencies', 'skipped', 'no frontend in this project, says the configuration'),
  result('database', 'changed', 'PostgreSQL 18.1 on localhost:5432, database app'),
  result('tenant-migrations', 'failed', 'tenant acme: relation "crm_contact" does not exist, and 2 others failed too'),
  result('seed', 'not-attempted', 'waits for tenant-migrations, which failed'),
];
const results = isUnchanged ? failing.map(({ id }) => result(id, 'unchanged', 'as it should be')) : failing;
const report: RunReport = {
  schemaVersion: 1,
  command: 'devsetup',
  version: '0.1.0',
  project: '/project',
  outcome: isUnchanged ? 'unchanged' : 'failed',
  exitCode: isUnchanged ? 0 : 1,
  startedAt: '2026-01-02T03:04:05.000Z',
  milliseconds: 5000,
  djangoStarts: 1,
  logFile: '/tmp/log',
  steps: results,
  warnings: [],
};

const view = await createView({
  ui: 'live',
  steps,
  stream: process.stderr,
  lines: process.stderr,
  result: process.stdout,
  renderResult: (done, isBelowTree = false) =>
    renderSummary(done, { columns: process.stderr.columns, color: false, isBelowTree }),
  color: process.env['NO_COLOR'] === undefined,
  verbose: false,
  columns: process.stderr.columns,
  rows: process.stderr.rows,
  now: () => performance.now(),
});
const send = async (event: RunEvent, milliseconds = 110): Promise<void> => {
  view.event(event);
  await sleep(milliseconds);
};

await send({ type: 'notice', level: 'info', text: 'a notice before the run' });
await send({ type: 'step-update', id: 'database', text: 'waiting for localhost:5432' });
for (const step of steps.slice(0, 4)) {
  await send({ type: 'step-started', ...step, phase: 'inspect' }, 20);
  await send({
    type: 'step-output',
    id: step.id,
    chunk: `\u001B[31mdownloading\u001B[0m 10%\r${'x'.repeat(100)}\nlast line 日本語`,
  });
}
if (!isUnchanged)
  await send({ type: 'notice', level: 'warning', text: 'a warning in the middle of it that takes more than one line' });
if (process.argv.includes('--crash')) {
  process.stderr.write('something else wrote this\n');
  process.exit(3);
}
for (const done of results) {
  await send({ type: 'step-update', id: done.id, text: '137/900 · 2 failed' });
  await send({ type: 'step-finished', result: done }, 20);
}
await view.finish(report);
process.stderr.write('$\n');
