import { readdir } from 'node:fs/promises';

import { beforeAll, expect, it } from 'vitest';

import { query } from '../../support/postgres.ts';
import { createReadyDatabase } from '../../support/ready-database.ts';
import { runDevsetup, startDevsetup } from '../../support/run-devsetup.ts';
import { createSampleProject, writeProjectFile } from '../../support/sample-project.ts';
import { DJANGO_52, ensureVenv, type Venv } from '../../support/venv.ts';
import {
  cleanUpAfterEach,
  failureOf,
  INTERRUPTED_MIGRATION,
  schemasWith,
  sharedMigrationRunning,
  stepOf,
  tenantMigrationRunning,
  WAIT_FOR_GO,
} from './support/faults.ts';
import { until } from '../../support/until.ts';

let python: Venv;
beforeAll(async () => {
  python = await ensureVenv(DJANGO_52);
});
const keep = cleanUpAfterEach();

it.each([
  ['shared', sharedMigrationRunning(WAIT_FOR_GO), 'shared-migrations'],
  ['tenant', tenantMigrationRunning(WAIT_FOR_GO), 'tenant-migrations'],
])(
  'two devsetups during %s migrations: the second waits, names the first, and ends well',
  async (_, variation, step) => {
    const database = keep(await createReadyDatabase(python, { tenants: 4 }));
    const project = keep(await createSampleProject({ variations: [variation] }));
    const options = { cwd: project.root, env: { DATABASE_URL: database.url }, python };
    const first = startDevsetup(['--json'], options);
    await until('the first migrates', async () =>
      (await readdir(project.root)).some((name) => name.startsWith('running-')),
    );

    const impatient = await runDevsetup(['--json', '--lock-timeout', '1'], options);
    expect(impatient.exitCode).toBe(1);
    const { code, message, hint } = failureOf(impatient, step);
    expect(code).toBe('LOCK_TIMEOUT');
    expect(message).toMatch(new RegExp(`devsetup .* pid ${first.child.pid} on .* since \\d{4}-\\d\\d-\\d\\d`));
    expect(hint).toContain('--lock-timeout');

    const second = startDevsetup(['--ui', 'plain'], options);
    await second.waitForOutput(`pid ${first.child.pid} `);
    await writeProjectFile(project, 'go', '');
    const [one, two] = await Promise.all([first.ended, second.ended]);
    expect(one.exitCode).toBe(0);
    expect(stepOf(one, step).status).toBe('changed');
    expect(two).toMatchObject({ exitCode: 0 });
    expect(two.stderr).toContain('waiting for devsetup');
    expect(two.stdout).toMatch(/Nothing to do|Done in/);
    expect(await schemasWith(database.url, INTERRUPTED_MIGRATION)).toContain(
      step === 'shared-migrations' ? 'public' : 't004',
    );
    expect((await runDevsetup(['--json'], options)).json?.outcome).toBe('unchanged');
    const locks = await query(
      database.url,
      "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    );
    expect(locks).toEqual([]);
  },
);

it('two devsetups at the same moment in a fresh database: both end well, the work is done once', async () => {
  const database = keep(await createReadyDatabase(python));
  await query(database.url, 'DROP SCHEMA guest CASCADE');
  await query(database.url, 'DROP SCHEMA public CASCADE');
  await query(database.url, 'CREATE SCHEMA public');
  const project = keep(await createSampleProject());
  const options = { cwd: project.root, env: { DATABASE_URL: database.url }, python };
  const runs = await Promise.all([runDevsetup(['--json'], options), runDevsetup(['--json'], options)]);
  for (const run of runs) expect(run).toMatchObject({ exitCode: 0 });
  const applied = runs.map(
    (run) => (stepOf(run, 'shared-migrations').data['applied'] as unknown[] | undefined)?.length ?? 0,
  );
  expect(applied.filter((count) => count > 0)).toHaveLength(1);
  expect(await query(database.url, 'SELECT schema_name FROM customers_library ORDER BY 1')).toEqual([
    { schema_name: 'guest' },
    { schema_name: 'public' },
  ]);
});

it('Ctrl-C while another devsetup is waited for', async () => {
  const database = keep(await createReadyDatabase(python));
  const project = keep(await createSampleProject({ variations: [sharedMigrationRunning(WAIT_FOR_GO)] }));
  const options = { cwd: project.root, env: { DATABASE_URL: database.url }, python };
  const first = startDevsetup(['--json'], options);
  await until('the first migrates', async () =>
    (await readdir(project.root)).some((name) => name.startsWith('running-')),
  );
  const second = startDevsetup(['--ui', 'plain'], options);
  await second.waitForOutput('waiting for devsetup');
  second.child.kill('SIGINT');
  const ended = await second.ended;
  expect(ended.exitCode).toBe(130);
  await writeProjectFile(project, 'go', '');
  expect((await first.ended).exitCode).toBe(0);
});
