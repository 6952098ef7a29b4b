import { expect, test } from 'vitest';

import { threadsInReady, withPendingMigration } from '../../support/variations.ts';
import { statuses, withSite } from './support/site.ts';

test('--only, --skip and --from choose the steps; the others are named with the flag that left them out', async () => {
  await withSite({ start: 'ready', variations: [withPendingMigration('notices')] }, async (site) => {
    const only = await site.run(['--only', 'database']);
    expect(statuses(only)).toEqual({ database: 'unchanged' });
    expect(only.step('tenant-migrations')).toMatchObject({
      status: 'skipped',
      message: expect.stringContaining('--only'),
    });

    const skip = await site.run(['--skip', 'tenant-migrations,guest-tenant']);
    expect(statuses(skip)).toEqual({
      database: 'unchanged',
      'shared-migrations': 'changed',
      'super-tenant': 'unchanged',
    });
    expect(skip.step('guest-tenant').message).toContain('--skip');

    const from = await site.run(['--from', 'tenant-migrations']);
    expect(statuses(from)).toEqual({ 'tenant-migrations': 'changed', 'guest-tenant': 'unchanged' });
    expect(from.step('database').message).toContain('--from');
  });
});

test.each([
  [['--only', 'databse'], 'database'],
  [['--skip', 'nothing-like-it'], 'tenant-migrations'],
  [['--from', 'super_tenant'], 'super-tenant'],
])('%j is a mistake that names what was meant', async (args, meant) => {
  await withSite({ start: 'ready' }, async (site) => {
    const shown = await site.show(args);
    expect(shown.exitCode).toBe(2);
    expect(shown.stdout).toBe('');
    expect(shown.stderr).toContain(args[1]);
    expect(shown.stderr).toContain(meant);
  });
});

test('threads that run since the start of Django: processes are started instead of forked, and it is said', async () => {
  await withSite({ start: 'ready', variations: [threadsInReady, withPendingMigration('notices')] }, async (site) => {
    const run = await site.run();
    expect(run.exitCode).toBe(0);
    expect(run.status('tenant-migrations')).toBe('changed');
    expect(run.report.djangoStarts).toBeGreaterThan(1);
    expect(run.report.steps.flatMap(({ warnings }) => warnings).join('\n')).toContain('threads are running');
    const again = await site.run();
    expect(again.report.outcome).toBe('unchanged');
  });
});
