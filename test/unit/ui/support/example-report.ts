import type { RunReport } from '../../../../src/core/report.ts';
import type { StepResult } from '../../../../src/core/step.ts';

export const exampleStep = (changes: Partial<StepResult> & { readonly id: string }): StepResult => ({
  title: changes.id,
  status: 'unchanged',
  message: 'as it should be',
  details: [],
  actions: [],
  warnings: [],
  milliseconds: 1234,
  failure: null,
  data: {},
  ...changes,
});

export const exampleReport = (changes: Partial<RunReport> = {}): RunReport => ({
  schemaVersion: 1,
  command: 'devsetup',
  version: '1.2.3',
  project: '/project',
  outcome: 'done',
  exitCode: 0,
  startedAt: '2026-01-02T03:04:05.000Z',
  milliseconds: 12_300,
  djangoStarts: 1,
  logFile: '/tmp/devcontainer-setup.log',
  steps: [],
  warnings: [],
  ...changes,
});

export const doneReport = exampleReport({
  steps: [
    exampleStep({ id: 'backend-dependencies', title: 'Backend dependencies' }),
    exampleStep({
      id: 'shared-migrations',
      title: 'Shared migrations',
      status: 'changed',
      message: '42 migrations applied, 1 faked',
      details: ['FAKED crm.0001_initial'],
      warnings: ['crm.0001_initial was faked: its tables were there already'],
      milliseconds: 3200,
    }),
    exampleStep({
      id: 'tenant-migrations',
      title: 'Tenant migrations',
      status: 'not-applicable',
      message: 'no tenant schemas',
    }),
    exampleStep({
      id: 'superuser',
      title: 'Superuser',
      status: 'skipped',
      message: 'set DJANGO_SUPERUSER_USERNAME and DJANGO_SUPERUSER_PASSWORD to create one',
    }),
  ],
  warnings: ['the log is /home/dev/.local/state/devsetup/setup.log'],
});

export const failedReport = exampleReport({
  outcome: 'failed',
  exitCode: 1,
  steps: [
    exampleStep({ id: 'database', title: 'Database' }),
    exampleStep({
      id: 'shared-migrations',
      title: 'Shared migrations',
      status: 'failed',
      message: 'crm.0003_rename failed',
      failure: {
        code: 'MIGRATION_FAILED',
        message: 'the migration crm.0003_rename failed: column "name" of relation "crm_contact" already exists',
        hint: 'repair crm/migrations/0003_rename.py and run devsetup again',
        output: [
          'Traceback (most recent call last):',
          '  File "x.py", line 3, in forwards',
          '\u001B[31mDuplicateColumn\u001B[0m',
        ],
      },
    }),
    exampleStep({
      id: 'super-tenant',
      title: 'Super tenant',
      status: 'not-attempted',
      message: 'waits for shared-migrations, which failed',
    }),
  ],
});

export const dryRunReport = exampleReport({
  outcome: 'would-change',
  steps: [
    exampleStep({
      id: 'shared-migrations',
      title: 'Shared migrations',
      status: 'would-change',
      message: '2 migrations are pending',
      actions: ['python manage.py migrate_schemas --shared --fake-initial --noinput', 'apply crm.0003_rename'],
    }),
  ],
});

export const interruptedReport = exampleReport({
  outcome: 'interrupted',
  exitCode: 130,
  steps: [
    exampleStep({ id: 'database', title: 'Database', status: 'changed' }),
    exampleStep({
      id: 'shared-migrations',
      title: 'Shared migrations',
      status: 'failed',
      message: 'interrupted',
      failure: {
        code: 'INTERRUPTED',
        message: 'interrupted',
        hint: 'run it again: what was done stays done',
        output: [],
      },
    }),
    exampleStep({
      id: 'super-tenant',
      title: 'Super tenant',
      status: 'not-attempted',
      message: 'interrupted before it began',
    }),
  ],
});

export const unchangedReport = exampleReport({
  outcome: 'unchanged',
  milliseconds: 900,
  steps: [exampleStep({ id: 'database', title: 'Database' })],
});
