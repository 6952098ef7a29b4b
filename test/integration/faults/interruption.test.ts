import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { createDatabase, query } from '../../support/postgres.ts';
import { createReadyDatabase } from '../../support/ready-database.ts';
import { runDevsetup, startDevsetup } from '../../support/run-devsetup.ts';
import { createSampleProject, writeProjectFile, type SampleProject } from '../../support/sample-project.ts';
import { configure, withoutOwnCommands } from '../../support/variations.ts';
import { DJANGO_52, ensureVenv, type Venv } from '../../support/venv.ts';
import {
  cleanUpAfterEach,
  INTERRUPTED_MIGRATION,
  processesOf,
  schemasWith,
  sharedMigrationRunning,
  stepOf,
  tenantMigrationRunning,
  WAIT_FOR_GO,
} from './support/faults.ts';
import { until } from '../../support/until.ts';
import { sampleOf } from '../../support/thoroughness.ts';

const TENANTS = ['guest', 't001', 't002', 't003', 't004'];

let python: Venv;
beforeAll(async () => {
  python = await ensureVenv(DJANGO_52);
});
const keep = cleanUpAfterEach();

const isMigrating = async (project: SampleProject): Promise<boolean> =>
  (await readdir(project.root)).some((name) => name.startsWith('running-'));

describe.each(sampleOf(['SIGINT', 'SIGTERM'] as const, 2))('%s', (signal) => {
  it('in the middle of shared migrations: rolled back, said, repeated', async () => {
    const database = keep(await createReadyDatabase(python));
    const project = keep(await createSampleProject({ variations: [sharedMigrationRunning(WAIT_FOR_GO)] }));
    const options = { cwd: project.root, env: { DATABASE_URL: database.url }, python };
    const run = startDevsetup(['--ui', 'plain'], options);
    await until('the migration runs', () => isMigrating(project));
    run.child.kill(signal);
    const ended = await run.ended;
    expect(ended).toMatchObject({ exitCode: 130 });
    expect(ended.stderr).toContain(`${signal}: stopping what runs`);
    expect(ended.stderr).toMatch(/\[shared-migrations\] interrupted after/);
    expect(ended.stdout).toMatch(/Interrupted after/);
    expect(ended.stdout).toMatch(/Shared migrations: interrupted/);
    expect(ended.stdout).toMatch(/Not attempted[^]*Tenant migrations/);
    expect(ended.stdout).toContain('Running it again is safe');
    expect(ended.stdout + ended.stderr).not.toMatch(/Traceback|bug in devsetup/);
    expect(processesOf(project.root)).toEqual([]);
    expect(await schemasWith(database.url, INTERRUPTED_MIGRATION)).toEqual([]);

    await writeProjectFile(project, 'go', '');
    const again = await runDevsetup(['--json'], options);
    expect(again.exitCode).toBe(0);
    expect(stepOf(again, 'shared-migrations').data['applied']).toEqual([`plans.${INTERRUPTED_MIGRATION}`]);
  });

  it('in the middle of tenant migrations: finished tenants stay, the others are named', async () => {
    const database = keep(await createReadyDatabase(python, { tenants: 4 }));
    const code = `if schema_editor.connection.schema_name == "t001":\n    return\n${WAIT_FOR_GO}`;
    const variations = [tenantMigrationRunning(code), configure({ migrations: { concurrency: 2 } })];
    const project = keep(await createSampleProject({ variations }));
    const options = { cwd: project.root, env: { DATABASE_URL: database.url }, python };
    const run = startDevsetup(['--json'], options);
    await until('one is migrated', async () =>
      (await schemasWith(database.url, INTERRUPTED_MIGRATION)).includes('t001'),
    );
    await until('another is being migrated', () => isMigrating(project));
    run.child.kill(signal);
    const ended = await run.ended;
    expect(ended).toMatchObject({ exitCode: 130 });
    expect(ended.json).toMatchObject({ outcome: 'interrupted', exitCode: 130 });
    expect(processesOf(project.root)).toEqual([]);
    const done = (await schemasWith(database.url, INTERRUPTED_MIGRATION)).filter((schema) => schema !== 'public');
    expect(done).toEqual(['t001']);
    // What is said is what is in the database.
    const { data } = stepOf(ended, 'tenant-migrations');
    const told = data['tenants'] as { schema: string; outcome: string }[];
    expect(told.filter(({ outcome }) => outcome === 'migrated').map(({ schema }) => schema)).toEqual(['t001']);
    expect(told.map(({ schema }) => schema).toSorted()).toEqual(TENANTS);
    const record = JSON.parse(
      await readFile(path.join(await stateOf(ended.stateDirectory), 'last-run.json'), 'utf8'),
    ) as {
      outcome?: string;
      report?: { outcome: string };
    };
    expect(JSON.stringify(record)).toContain('"interrupted"');

    await writeProjectFile(project, 'go', '');
    const again = await runDevsetup(['--json'], options);
    expect(again.exitCode).toBe(0);
    const all = (await schemasWith(database.url, INTERRUPTED_MIGRATION)).filter((schema) => schema !== 'public');
    expect(all).toEqual(TENANTS);
  });
});

/** The folder of the only project in this state directory. */
const stateOf = async (directory: string): Promise<string> => {
  const names = await readdir(directory, { recursive: true });
  const file = names.find((name) => path.basename(name) === 'last-run.json');
  return path.dirname(path.join(directory, file ?? 'last-run.json'));
};

it('Ctrl-C on a terminal lists what is not done, tenant by tenant', async () => {
  const database = keep(await createReadyDatabase(python, { tenants: 4 }));
  const project = keep(await createSampleProject({ variations: [tenantMigrationRunning(WAIT_FOR_GO)] }));
  const run = startDevsetup(['--ui', 'plain'], { cwd: project.root, env: { DATABASE_URL: database.url }, python });
  await until('a tenant is being migrated', () => isMigrating(project));
  run.child.kill('SIGINT');
  const { stdout, exitCode } = await run.ended;
  expect(exitCode).toBe(130);
  const told = stdout
    .split('\n')
    .flatMap((line) => /(?:interrupted|not attempted): (.*)/.exec(line)?.[1]?.split(', ') ?? []);
  expect(told.toSorted()).toEqual(TENANTS);
  expect(stdout).toMatch(/Not attempted\n {2}Guest tenant/);
  expect(stdout).not.toContain('Traceback');
});

it('Ctrl-C ends the creation of a tenant, and the loss of the lock the run that completes it', async () => {
  const database = keep(await createDatabase());
  const code = `if schema_editor.connection.schema_name != "guest":\n    return\n${WAIT_FOR_GO}`;
  const project = keep(await createSampleProject({ variations: [withoutOwnCommands, tenantMigrationRunning(code)] }));
  const isCreating = (): boolean => existsSync(path.join(project.root, 'running-guest'));
  for (const how of ['SIGINT', 'LOCK_LOST']) {
    const run = startDevsetup(['--json'], { cwd: project.root, env: { DATABASE_URL: database.url }, python });
    await until('the tenant is created', isCreating);
    await rm(path.join(project.root, 'running-guest'));
    if (how === 'SIGINT') run.child.kill(how);
    else
      await query(
        database.url,
        `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON oid = database
         WHERE datname = current_database() AND locktype = 'advisory' AND mode = 'ExclusiveLock'`,
      );
    const ended = await run.ended;
    expect(ended.exitCode).toBe(how === 'SIGINT' ? 130 : 1);
    // What was created of the tenant in the first run is migrated with the others in the second.
    const step = how === 'SIGINT' ? 'guest-tenant' : 'tenant-migrations';
    expect(stepOf(ended, step).failure?.code).toBe(how === 'SIGINT' ? 'INTERRUPTED' : how);
    expect(processesOf(project.root)).toEqual([]);
    expect(await query(database.url, "SELECT 1 FROM guest.django_migrations WHERE name = '9999_interrupted'")).toEqual(
      [],
    );
  }
});

it('a second Ctrl-C kills what does not listen', async () => {
  const database = keep(await createReadyDatabase(python));
  const deaf =
    'import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n';
  const project = keep(await createSampleProject({ variations: [tenantMigrationRunning(deaf + WAIT_FOR_GO)] }));
  const options = { cwd: project.root, env: { DATABASE_URL: database.url }, python };
  const run = startDevsetup(['--ui', 'plain'], options);
  await until('the migration runs', () => isMigrating(project));
  run.child.kill('SIGINT');
  await run.waitForOutput(
    'up to 10 seconds if a command or the database does not react. Press Ctrl-C again to end it at once.',
  );
  run.child.kill('SIGINT');
  const ended = await run.ended;
  expect(ended.exitCode).toBe(130);
  // A run that ends what it started before it exits prints a summary.
  expect(ended.stdout).not.toContain('Interrupted after');
  await until('nothing is left running', () => processesOf(project.root).length === 0);

  await writeProjectFile(project, 'go', '');
  expect(await runDevsetup([], options)).toMatchObject({ exitCode: 0 });
});

it('Ctrl-C while the database is waited for', async () => {
  const project = keep(await createSampleProject({ variations: [configure({ database: { waitSeconds: 86_400 } })] }));
  const env = { DATABASE_URL: 'postgresql://postgres:any-horse@127.0.0.1:1/later' };
  const run = startDevsetup(['--ui', 'plain'], { cwd: project.root, env, python });
  await run.waitForOutput('nothing listens at');
  run.child.kill('SIGINT');
  const ended = await run.ended;
  expect(ended.exitCode).toBe(130);
  expect(ended.stdout).toMatch(/Database: interrupted/);
});
