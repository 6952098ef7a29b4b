import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { configure, failingTenantMigration, plainDjango, withPendingMigration } from '../../support/variations.ts';
import { openSite, statuses, withSite } from '../behaviour/support/site.ts';

describe('devsetup migrate against the demo', () => {
  test('twice, from an empty database: the second finds nothing to do', async () => {
    await withSite({}, async (site) => {
      const first = await site.run(['migrate', '--environment', 'prod']);
      expect(first.exitCode).toBe(0);
      expect(first.report).toMatchObject({ command: 'migrate', environment: 'prod', shard: null, outcome: 'done' });
      expect(first.report.steps.map(({ id }) => id)).toEqual([
        'database',
        'shared-migrations',
        'super-tenant',
        'tenant-migrations',
      ]);
      expect(first.step('shared-migrations').data['migrations']).toContainEqual({
        migration: 'plans.0001_initial',
        seconds: expect.any(Number),
        faked: false,
      });
      expect(first.step('shared-migrations').data['faked']).toEqual([]);
      // Neither a tenant to try things in nor a user.
      expect(await site.sql('SELECT schema_name FROM customers_library ORDER BY 1')).not.toContainEqual({
        schema_name: 'guest',
      });

      const second = await site.run(['migrate', '--environment', 'prod']);
      expect(second.exitCode).toBe(0);
      expect(second.report.outcome).toBe('unchanged');
      expect(Object.values(statuses(second)).every((status) => status === 'unchanged')).toBe(true);
    });
  });

  test('without --environment it is as strict as for prod, and says so', async () => {
    await withSite({ start: 'ready' }, async (site) => {
      const run = await site.show(['migrate']);
      expect(run.exitCode).toBe(0);
      expect(run.stderr).toContain(
        'No --environment: as strict as for prod: lock_timeout 2 s, 10 retries, without --fake-initial',
      );
      // Said once, before it begins.
      expect(run.stdout).not.toContain('--environment');
      expect((await site.run(['migrate'])).report.environment).toBeNull();
    });
  });

  test('a dry run changes nothing and names what it would do', async () => {
    await withSite({ start: 3, variations: [withPendingMigration('notices')] }, async (site) => {
      const run = await site.run(['migrate', '--environment', 'uat', '--dry-run']);
      expect(run.exitCode).toBe(0);
      expect(run.report.outcome).toBe('would-change');
      // The shared schema has the tables of shared apps only, but records the rows of all.
      expect(run.step('tenant-migrations').message).toMatch(/not up to date|cannot be looked at/);
      expect((await site.run(['migrate', '--environment', 'uat'])).report.outcome).toBe('done');
    });
  });

  test('no database is created', async () => {
    await withSite({}, async (site) => {
      const url = new URL(site.database.url);
      url.pathname = '/not_there';
      const run = await site.run(['migrate', '--environment', 'dev'], { DATABASE_URL: url.href });
      expect(run.exitCode).toBe(1);
      const { code, message, hint } = run.failure('database');
      expect(code).toBe('DATABASE_MISSING');
      expect(message).toContain('devsetup migrate creates no database');
      expect(hint).toMatch(/`createdb .* not_there`/);
      expect(hint).not.toContain('"create"');
    });
  });

  test('a set-up of this checkout is not thought to have run', async () => {
    await withSite({ start: 'ready' }, async (site) => {
      await site.run(['migrate']);
      const status = await site.show(['status']);
      expect(status.stdout).toMatch(/has not run|never/i);
    });
  });
});

test('plain Django without tenants', async () => {
  await withSite({ variations: [plainDjango] }, async (site) => {
    const first = await site.run(['migrate', '--environment', 'prod']);
    expect(first.exitCode).toBe(0);
    expect(statuses(first)).toEqual({ database: 'unchanged', 'shared-migrations': 'changed' });
    const second = await site.run(['migrate', '--environment', 'prod']);
    expect(second.report.outcome).toBe('unchanged');
    const shard = await site.run(['migrate', '--environment', 'prod', '--shard', '2/2']);
    expect(shard.report.outcome).toBe('unchanged');
  });
});

test('one tenant fails: exit code 1, the others are done, nobody is lost, and the command repeats it alone', async () => {
  const variations = [failingTenantMigration({ schema: 't003' })];
  await withSite({ start: 5, variations }, async (site) => {
    const run = await site.show(['migrate', '--environment', 'prod']);
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain('1 failed, 0 not attempted, 5 migrated');
    expect(run.stdout).toContain('failed: t003 at notices.0006_check_notices: this notice board is beyond repair');
    expect(run.stdout).toContain('devsetup migrate --environment prod --only-tenants t003');
    const again = await site.run(['migrate', '--environment', 'prod', '--only-tenants', 't003']);
    expect(again.exitCode).toBe(1);
    const first = await site.run(['migrate', '--environment', 'prod', '--fail-fast']);
    const told = first.step('tenant-migrations').data as { tenants: { schema: string }[]; upToDate: number };
    expect(told.tenants.length + told.upToDate).toBe(6);
  });
});

describe('own steps', () => {
  const steps = [
    { id: 'seed', manage: ['check'] },
    { id: 'stamp', command: ['touch', 'stamped'], inspect: { command: ['test', '-e', 'stamped'] }, pipeline: true },
  ];

  test('run only where they say so', async () => {
    const site = await openSite({ start: 'ready', config: { steps } });
    try {
      const run = await site.run(['migrate']);
      expect(run.report.steps.map(({ id }) => id)).not.toContain('seed');
      expect(run.status('stamp')).toBe('changed');
      await readFile(path.join(site.project.root, 'stamped'));
      expect((await site.run(['migrate'])).report.outcome).toBe('unchanged');
      expect((await site.run(['migrate', '--shard', '2/2'])).status('stamp')).toBe('skipped');
    } finally {
      await site.remove();
    }
  });

  test('of the pipeline need an inspect', async () => {
    const variations = [configure({ steps: [{ id: 'stamp', command: ['touch', 'x'], pipeline: true }] })];
    await withSite({ variations }, async (site) => {
      const run = await site.show(['migrate']);
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toContain('steps[0].pipeline needs an "inspect"');
    });
  });
});
