import { describe, expect, test } from 'vitest';
import { displayWidth } from '../../../src/ui/fit-text.ts';
import { renderSummary } from '../../../src/ui/render-summary.ts';
import {
  doneReport,
  dryRunReport,
  exampleReport,
  exampleStep,
  failedReport,
  interruptedReport,
  unchangedReport,
} from './support/example-report.ts';

const plain = { columns: undefined, color: false };

describe('the summary of a run', () => {
  test('says what changed, what did not and why, how long it took and what to type next', () => {
    const text = renderSummary(doneReport, { ...plain, nextCommands: ['python backend/manage.py runserver'] });
    expect(text).toBe(`Done in 12s: 1 step changed, 1 unchanged

Changed
  Shared migrations: 42 migrations applied, 1 faked (3.2s)
    FAKED crm.0001_initial

Unchanged
  Backend dependencies

Skipped
  Superuser: set DJANGO_SUPERUSER_USERNAME and DJANGO_SUPERUSER_PASSWORD to create one

Warnings
  Shared migrations: crm.0001_initial was faked: its tables were there already
  the log is /home/dev/.local/state/devsetup/setup.log

Next
  python backend/manage.py runserver
`);
  });

  test('does not repeat what the live tree above it shows: only what was cut there, and details', () => {
    const step = (id: string, message: string, details: readonly string[] = []) =>
      exampleStep({ id, status: 'changed', message, details });
    const steps = [
      step('Database', 'created database app'),
      step('Migrations', '42 migrations applied', ['FAKED crm.0001_initial']),
      step('Guest', 'created tenant guest with a name that the tree has to cut'),
      exampleStep({ id: 'Backend' }),
      exampleStep({ id: 'Frontend', status: 'skipped', message: 'not wanted' }),
    ];
    const report = { ...doneReport, steps, warnings: [] };
    expect(renderSummary(report, { columns: 60, color: false, isBelowTree: true }))
      .toBe(`Done in 12s: 3 steps changed, 1 unchanged

Changed
  Migrations: 42 migrations applied (1.2s)
    FAKED crm.0001_initial
  Guest: created tenant guest with a name that the tree has
  to cut (1.2s)
`);
  });

  test('of a failure has the cause, the output, what to do, the log, what was not attempted, and that a re-run is safe', () => {
    const text = renderSummary(failedReport, {
      ...plain,
      nextCommands: ['runserver'],
      repeatCommand: 'npx devsetup --from x',
    });
    expect(text).toBe(`Failed after 12s

Unchanged
  Database

Shared migrations: failed after 1.2s
  the migration crm.0003_rename failed: column "name" of relation "crm_contact" already exists
  Last lines of its output:
  | Traceback (most recent call last):
  |   File "x.py", line 3, in forwards
  | DuplicateColumn
  What to do: repair crm/migrations/0003_rename.py and run devsetup again

Not attempted
  Super tenant

Log: /tmp/devcontainer-setup.log
Running it again is safe: what is done stays done. To repeat:
  npx devsetup --from x
`);
  });

  test('of a dry run lists the exact actions', () => {
    const text = renderSummary(dryRunReport, { ...plain, nextCommands: ['runserver'] });
    expect(text).toContain('nothing was changed: 1 step would change');
    expect(text).toContain(
      '    → python manage.py migrate_schemas --shared --fake-initial --noinput\n    → apply crm.0003_rename\n',
    );
    expect(text).not.toContain('runserver');
  });

  test('of an interruption says what was done and what was not', () => {
    const text = renderSummary(interruptedReport, plain);
    expect(text).toContain('Interrupted after 12s: 1 step done, the rest is not');
    expect(text).toContain('Shared migrations: interrupted after 1.2s\n');
    expect(text).toContain('Not attempted\n  Super tenant\n');
    expect(text).toContain('Running it again is safe');
  });

  test('of --if-needed with nothing to do is one line', () => {
    expect(renderSummary(unchangedReport, { ...plain, brief: true })).toBe(
      'Nothing to do: everything is in place (0.9s)\n',
    );
  });

  test('of a run with nothing to do is one line, and one for each thing worth knowing; --verbose shows the rest', () => {
    const report = exampleReport({
      outcome: 'unchanged',
      steps: doneReport.steps.map((step) => (step.status === 'changed' ? { ...step, status: 'unchanged' } : step)),
      warnings: ['the log is elsewhere'],
    });
    const options = { ...plain, nextCommands: ['python manage.py runserver'] };
    expect(renderSummary(report, options)).toBe(`Nothing to do: everything is in place (12s)
warning: the log is elsewhere
warning: crm.0001_initial was faked: its tables were there already
Superuser: skipped: set DJANGO_SUPERUSER_USERNAME and DJANGO_SUPERUSER_PASSWORD to create one
Next: python manage.py runserver
`);
    const all = renderSummary(report, { ...options, verbose: true });
    expect(all).toContain('Not applicable\n  Tenant migrations: no tenant schemas\n');
    expect(all).toContain('Unchanged\n  Backend dependencies: as it should be\n');
  });

  test('of steps that failed for the same reason reports it once, and names Django where Django does not start', () => {
    const failure = { code: 'SETTINGS_FAILED', message: 'SyntaxError: x', hint: 'Fix it.', output: [] };
    const failed = ['database', 'seed'].map((id) => exampleStep({ id, title: id, status: 'failed', failure }));
    const waiting = ['a', 'b', 'c'].map((id) =>
      exampleStep({ id, status: 'not-attempted', message: 'waits for database, which failed' }),
    );
    const report = exampleReport({ outcome: 'failed', exitCode: 1, steps: [...failed, ...waiting] });
    expect(renderSummary(report, plain)).toBe(`Failed after 12s

Start of Django: failed after 1.2s
  SyntaxError: x
  What to do: Fix it.

Not attempted
  a, b, c

Log: /tmp/devcontainer-setup.log
Running it again is safe: what is done stays done. To repeat:
  npx devsetup
`);
  });

  test('shows the stack of what is a bug in devsetup', () => {
    const failure = {
      code: 'BUG',
      message: 'x is undefined',
      hint: 'please report it',
      output: ['TypeError: x', '    at y'],
    };
    const report = exampleReport({
      outcome: 'failed',
      exitCode: 3,
      steps: [exampleStep({ id: 'a', status: 'failed', failure })],
    });
    expect(renderSummary(report, plain)).toContain('  Where it happened:\n  | TypeError: x\n  |     at y\n');
  });

  test('names some of very many details and counts the others', () => {
    const details = Array.from({ length: 900 }, (_, index) => `tenant t${index} failed`);
    const step = exampleStep({ id: 'tenant-migrations', status: 'changed', details });
    const text = renderSummary(exampleReport({ steps: [step] }), plain);
    expect(text).toContain('tenant t19 failed\n    … and 880 more, see the log\n');
    expect(text).not.toContain('tenant t20 failed');
  });

  const reports = { doneReport, failedReport, dryRunReport, interruptedReport, unchangedReport };
  test.each(Object.entries(reports))('fits 40 columns: %s', (_, report) => {
    const lines = renderSummary(report, { columns: 40, color: false }).split('\n');
    // A path or a flag is not broken: nobody could copy it.
    const tooLong = lines.filter((line) => displayWidth(line) > 40 && line.trim().includes(' '));
    expect(tooLong).toEqual([]);
  });

  test.each(Object.entries(reports))(
    'has no escape sequence without colour, whatever a command printed: %s',
    (_, report) => {
      expect(renderSummary(report, plain)).not.toContain('\u001B');
    },
  );

  test('is coloured where that is asked for', () => {
    expect(renderSummary(failedReport, { columns: 80, color: true })).toContain('\u001B[31m');
  });
});
