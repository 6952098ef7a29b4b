import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';

import { Client } from 'pg';
import { describe, expect, test } from 'vitest';

import { shardWorkerKey, WORKER_LOCK } from '../../../src/postgres/advisory-lock.ts';
import { shardOf } from '../../../src/pipeline/shard.ts';
import { startDevsetup, type StartedDevsetup } from '../../support/run-devsetup.ts';
import { appendSettings, editProjectFile, writeProjectFile, type Variation } from '../../support/sample-project.ts';
import { withPendingMigration } from '../../support/variations.ts';
import { outcomeOf, withSite, type Site } from '../behaviour/support/site.ts';
import {
  INTERRUPTED_MIGRATION,
  schemasWith,
  sharedMigrationRunning,
  tenantMigrationRunning,
  WAIT_FOR_GO,
} from '../faults/support/faults.ts';
import { until } from '../../support/until.ts';

const PROD = ['migrate', '--environment', 'prod'];
const TENANTS = ['guest', 't001', 't002', 't003', 't004', 't005', 't006'];
const inShard = (index: number, count: number): readonly string[] =>
  TENANTS.filter((schema) => shardOf(schema, count) === index);

const start = (site: Site, args: readonly string[]): StartedDevsetup =>
  startDevsetup([...PROD, '--ui', 'plain', '--json', ...args], {
    cwd: site.project.root,
    env: site.env,
    python: site.python,
  });

const isMigrating = async (site: Site, schemas: readonly string[]): Promise<boolean> => {
  const names = await readdir(site.project.root);
  return schemas.some((schema) => names.includes(`running-${schema}`));
};

const lockedOut = async (site: Site, args: readonly string[], step: string): Promise<string> => {
  const run = await site.run([...PROD, ...args, '--lock-timeout', '0']);
  expect(run.exitCode).toBe(1);
  expect(run.failure(step).code).toBe('LOCK_TIMEOUT');
  return run.failure(step).message;
};

describe('two shards', () => {
  test('run side by side; a third of the same, of another count, and a run without shards are kept out', async () => {
    expect(inShard(1, 2).length * inShard(2, 2).length).toBeGreaterThan(0);
    await withSite({ start: 6, variations: [tenantMigrationRunning(WAIT_FOR_GO)] }, async (site) => {
      // The rows of all apps are recorded in the shared schema; nothing runs there.
      await site.run([...PROD, '--only', 'shared-migrations']);
      const first = start(site, ['--shard', '1/2']);
      await until('the first migrates', () => isMigrating(site, inShard(1, 2)));
      const second = start(site, ['--shard', '2/2']);
      await until('the second migrates beside it', () => isMigrating(site, inShard(2, 2)));

      expect(await lockedOut(site, ['--shard', '2/2'], 'tenant-migrations')).toMatch(/devsetup \S+ shard 2\/2 pid/);
      expect(await lockedOut(site, ['--shard', '1/3'], 'tenant-migrations')).toMatch(/devsetup \S+ shard [12]\/2 pid/);
      expect(await lockedOut(site, [], 'tenant-migrations')).toMatch(/devsetup \S+ shard [12]\/2 pid/);

      await writeProjectFile(site.project, 'go', '');
      const runs = [outcomeOf(await first.ended), outcomeOf(await second.ended)];
      for (const [at, run] of runs.entries()) {
        expect(run).toMatchObject({ exitCode: 0 });
        expect(run.report.shard).toEqual({ index: at + 1, count: 2 });
        const { tenants } = run.step('tenant-migrations').data as { tenants: { schema: string }[] };
        expect(tenants.map(({ schema }) => schema).toSorted()).toEqual(inShard(at + 1, 2));
      }
      expect((await schemasWith(site.database.url, INTERRUPTED_MIGRATION)).filter((name) => name !== 'public')).toEqual(
        TENANTS,
      );
      expect((await site.run(PROD)).report.outcome).toBe('unchanged');
      expect((await site.run([...PROD, '--shard', '2/2'])).report.outcome).toBe('unchanged');
    });
  });

  test('the second waits for what the first does for all, says so, and then does its tenants', async () => {
    const variations = [sharedMigrationRunning(WAIT_FOR_GO), withPendingMigration('notices')];
    await withSite({ start: 6, variations }, async (site) => {
      const second = start(site, ['--shard', '2/2']);
      await second.waitForOutput(/waiting for shard 1: \d+ migrations? (is|are) pending/);
      const first = start(site, ['--shard', '1/2']);
      await until('the first migrates', () => isMigrating(site, ['public']));
      await writeProjectFile(site.project, 'go', '');
      const one = outcomeOf(await first.ended);
      const two = outcomeOf(await second.ended);
      expect([one.exitCode, two.exitCode]).toEqual([0, 0]);
      expect(one.status('shared-migrations')).toBe('changed');
      expect(two.status('shared-migrations')).toBe('unchanged');
      expect(two.step('shared-migrations').message).toContain('another shard has done it meanwhile');
      expect(two.status('super-tenant')).toBe('unchanged');
      expect(two.status('tenant-migrations')).toBe('changed');
      expect((await site.run(PROD)).report.outcome).toBe('unchanged');
    });
  });
});

/**
 * `create_super_tenant` registers tenants after it has created the public one and a file `go` is there, unless there is a file `fails`;
 * `register_branches` registers further ones, and with `--check` says whether they are there.
 */
const registering: Variation = async (project) => {
  const folder = 'backend/customers/management/commands';
  const register = (names: string): string => `
        for schema in ${names}:
            tenant = Library(schema_name=schema, name=schema)
            tenant.auto_create_schema = False
            tenant.save()
`;
  await editProjectFile(
    project,
    `${folder}/create_super_tenant.py`,
    /$/,
    `
    old_handle = handle

    def handle(self, *args, **options):
        import pathlib
        import time

        self.old_handle(*args, **options)
        here = pathlib.Path(__file__).resolve().parents[4]
        (here / "registering").write_text("")
        while here.exists() and not (here / "go").exists():
            time.sleep(0.1)
        if (here / "fails").exists():
            raise RuntimeError("no list of tenants")
${register('["t000", "t001", "t002", "t003", "t004"]')}`,
  );
  await writeProjectFile(
    project,
    `${folder}/register_branches.py`,
    `from customers.models import Library
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *args, check, **options):
        if check:
            if not Library.objects.filter(schema_name="b004").exists():
                raise CommandError("there are no branches")
            return
${register('["b001", "b002", "b003", "b004"]')}`,
  );
};

test('the second lists the tenants after the first has registered them, and notices a first that fails', async () => {
  const manage = ['register_branches'];
  const step = { id: 'branches', manage, inspect: { manage: [...manage, '--check'] }, after: 'shared-migrations' };
  const config = { steps: [{ ...step, pipeline: true }] };
  // The first of the registered tenants is the one that all others are cloned from.
  const cloning: Variation = (project) =>
    appendSettings(project, 'TENANT_CREATION_FAKES_MIGRATIONS = True\nTENANT_BASE_SCHEMA = "t000"');
  await withSite({ variations: [registering, cloning], config }, async (site) => {
    const isThere = async (name: string): Promise<boolean> => (await readdir(site.project.root)).includes(name);
    await writeProjectFile(site.project, 'fails', '');
    const failing = start(site, ['--shard', '1/2']);
    await until('the super tenant is there', () => isThere('registering'));
    const early = start(site, ['--shard', '2/2']);
    await early.waitForOutput(/waiting for shard 1, which is at work: what all tenants share is not done/);
    await writeProjectFile(site.project, 'go', '');
    expect(outcomeOf(await failing.ended).failure('super-tenant').code).toBe('COMMAND_FAILED');
    const noticed = outcomeOf(await early.ended).failure('tenant-migrations');
    expect(noticed.code).toBe('SHARED_NOT_CURRENT');
    expect(noticed.message).toBe('shard 2/2 sees that shard 1 has stopped before the end of what it does for all.');

    await rm(path.join(site.project.root, 'fails'));
    await site.sql(`DELETE FROM customers_library WHERE schema_name <> 'public'`);
    const second = start(site, ['--shard', '2/2']);
    await second.waitForOutput(/waiting for shard 1: /);
    const runs = [outcomeOf(await start(site, ['--shard', '1/2']).ended), outcomeOf(await second.ended)];
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const rows = await site.sql(
      `SELECT schema_name AS name FROM customers_library WHERE schema_name <> 'public' ORDER BY 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual([
      'b001',
      'b002',
      'b003',
      'b004',
      't000',
      't001',
      't002',
      't003',
      't004',
    ]);
    const results = runs.flatMap(
      (run) => run.step('tenant-migrations').data['tenants'] as { schema: string; applied: number }[],
    );
    expect(results.map(({ schema }) => schema).toSorted()).toEqual(
      rows.map(({ name }) => name).filter((name) => name !== 't000'),
    );
    expect(results.filter(({ applied }) => applied > 0)).toEqual([]);
    const migrated = (await schemasWith(site.database.url, '0005_notices_on_the_board')).filter(
      (name) => name !== 'public',
    );
    expect(migrated).toEqual(rows.map(({ name }) => name));
    expect((await site.run([...PROD, '--shard', '2/2'])).report.outcome).toBe('unchanged');
  });
});

test('a shard does not wait for ever, and --only makes it do what is for all', async () => {
  const config = { environments: { prod: { sharedWaitSeconds: 1 } } };
  await withSite({ start: 2, variations: [withPendingMigration('plans')], config }, async (site) => {
    const run = await site.run([...PROD, '--shard', '2/2']);
    expect(run.exitCode).toBe(1);
    const { code, message, hint } = run.failure('shared-migrations');
    expect(code).toBe('SHARED_NOT_CURRENT');
    expect(message).toMatch(/shard 2\/2 has waited 1 s for shard 1, and 1 migration is pending/);
    expect(hint).toContain('devsetup migrate --environment prod --shard 2/2');
    expect(run.status('tenant-migrations')).toBe('not-attempted');

    const forced = await site.run([...PROD, '--shard', '2/2', '--only', 'shared-migrations']);
    expect(forced.exitCode).toBe(0);
    expect(forced.status('shared-migrations')).toBe('changed');
  });
});

test('workers that a killed run has left behind are waited for, those of the other shard are not', async () => {
  await withSite({ start: 6, variations: [withPendingMigration('notices')] }, async (site) => {
    await site.run([...PROD, '--only', 'shared-migrations']);
    const worker = new Client({ connectionString: site.database.url, application_name: 'worker' });
    worker.on('error', () => undefined);
    await worker.connect();
    await worker.query('SELECT pg_advisory_lock_shared($1::int4, $2::int4)', [...WORKER_LOCK]);
    expect(await lockedOut(site, ['--shard', '1/2'], 'tenant-migrations')).toContain(
      'A worker of an earlier run still',
    );

    await worker.query('SELECT pg_advisory_lock_shared($1::int4, $2::int4)', [...shardWorkerKey(2, 2)]);
    expect(await lockedOut(site, ['--shard', '2/2'], 'tenant-migrations')).toContain(
      'A worker of an earlier run still',
    );
    expect((await site.run([...PROD, '--shard', '1/2'])).exitCode).toBe(0);
    await worker.end();
    expect((await site.run([...PROD, '--shard', '2/2'])).exitCode).toBe(0);
  });
});

test('a shard that is none is a mistake in usage', async () => {
  await withSite({}, async (site) => {
    for (const shard of ['3/2', '0/2', 'x', '1', '1/0']) {
      const run = await site.show(['migrate', '--shard', shard]);
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toContain(`"${shard}" is no shard`);
    }
  });
});
