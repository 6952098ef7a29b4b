import { readdir } from 'node:fs/promises';

import { Client } from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';

import { createDatabase, query, startOwnServer, type OwnServer } from '../../support/postgres.ts';
import { createReadyDatabase } from '../../support/ready-database.ts';
import { runDevsetup, startDevsetup } from '../../support/run-devsetup.ts';
import { createSampleProject, writeProjectFile, type SampleProject } from '../../support/sample-project.ts';
import { extraTenants } from '../../support/variations.ts';
import { DJANGO_52, ensureVenv, type Venv } from '../../support/venv.ts';
import {
  cleanUpAfterEach,
  failureOf,
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

/** A statement in which the server stays although its client is gone: until the test releases the lock. */
const BUSY_SERVER = `
import pathlib
here = pathlib.Path(__file__).resolve().parents[3]
if (here / "go").exists():
    return
(here / ("running-" + schema_editor.connection.schema_name)).write_text("")
schema_editor.execute("CREATE TABLE left_over (id int)")
schema_editor.execute("SELECT pg_advisory_xact_lock_shared(77)")
`;

describe('kill -9 of devsetup', () => {
  it.each(
    sampleOf(
      [
        ['shared migrations', sharedMigrationRunning(WAIT_FOR_GO), ['public'], false],
        ['tenant migrations', tenantMigrationRunning(WAIT_FOR_GO), TENANTS, false],
        [
          'tenant migrations, in a statement the server goes on with',
          tenantMigrationRunning(BUSY_SERVER),
          TENANTS,
          true,
        ],
        [
          'shared migrations, in a statement the server goes on with',
          sharedMigrationRunning(BUSY_SERVER),
          ['public'],
          true,
        ],
      ],
      2,
    ),
  )('in the middle of %s: nothing is left running, a re-run converges', async (_, variation, schemas, isBusy) => {
    const database = keep(await createReadyDatabase(python, { tenants: 4 }));
    const project = keep(await createSampleProject({ variations: [variation] }));
    const options = { cwd: project.root, env: { DATABASE_URL: database.url }, python };
    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    keep({ remove: () => holder.end() });
    await holder.query('SELECT pg_advisory_lock(77)');
    const busy = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
      AND query LIKE 'SELECT pg_advisory_xact_lock%'`;
    const run = startDevsetup(['--ui', 'plain'], options);
    await until('a migration runs', () => isMigrating(project));
    if (isBusy) await until('the server waits', async () => (await query(database.url, busy)).length > 0);
    run.child.kill('SIGKILL');
    expect((await run.ended).endedBy).toBe('SIGKILL');
    await writeProjectFile(project, 'go', '');

    const again = startDevsetup(['--ui', 'plain', '--json'], options);
    if (isBusy) await again.waitForOutput('waiting for');
    await holder.end();
    expect(await again.ended).toMatchObject({ exitCode: 0 });
    expect(processesOf(project.root)).toEqual([]);
    const migrated = await schemasWith(database.url, INTERRUPTED_MIGRATION);
    expect(migrated).toEqual(expect.arrayContaining([...schemas]));
    expect(await query(database.url, busy)).toEqual([]);
    expect((await runDevsetup(['--json'], options)).json?.outcome).toBe('unchanged');
  });

  it('at any moment of a first run: repeated until it gets through, it converges', async () => {
    const database = keep(await createDatabase());
    const project = keep(await createSampleProject({ variations: [extraTenants(2)] }));
    const options = { cwd: project.root, env: { DATABASE_URL: database.url }, python };
    const moments = [150, 500, 900, 1_300, 1_800, 2_400];
    for (const moment of moments) {
      const run = startDevsetup(['--ui', 'plain'], options);
      await new Promise((resolve) => setTimeout(resolve, moment));
      run.child.kill('SIGKILL');
      await run.ended;
    }
    const last = await runDevsetup(['--json'], options);
    expect(last).toMatchObject({ exitCode: 0 });
    const schemas = ['guest', 'public', 't001', 't002'];
    expect(await schemasWith(database.url, '0005_notices_on_the_board')).toEqual(schemas);
    expect((await runDevsetup(['--json'], options)).json?.outcome).toBe('unchanged');
    expect(processesOf(project.root)).toEqual([]);
  });
});

describe('the Django process of a run', () => {
  it('is killed: the step fails with what to do, a re-run converges', async () => {
    const database = keep(await createReadyDatabase(python, { tenants: 4 }));
    const project = keep(await createSampleProject({ variations: [tenantMigrationRunning(WAIT_FOR_GO)] }));
    const options = { cwd: project.root, env: { DATABASE_URL: database.url }, python };
    const run = startDevsetup(['--json'], options);
    await until('a migration runs', () => isMigrating(project));
    for (const line of processesOf(project.managePy)) process.kill(Number.parseInt(line, 10), 'SIGKILL');
    const ended = await run.ended;
    expect(ended.exitCode).toBe(1);
    expect(failureOf(ended, 'tenant-migrations').hint).toMatch(/devsetup/);
    expect(ended.stdout).not.toContain('"BUG"');
    await writeProjectFile(project, 'go', '');
    expect(await runDevsetup(['--json'], options)).toMatchObject({ exitCode: 0 });
  });
});

describe('the server is restarted in the middle of tenant migrations', () => {
  let server: OwnServer;
  beforeAll(async () => {
    server = await startOwnServer();
    return () => server.remove();
  });

  it.each(sampleOf(['in order', 'after a crash'], 2))('%s: the failure says so, a re-run converges', async (how) => {
    const { url } = await createReadyDatabase(python, { tenants: 4, admin: server.url });
    const project = keep(await createSampleProject({ variations: [tenantMigrationRunning(WAIT_FOR_GO)] }));
    const options = { cwd: project.root, env: { DATABASE_URL: url }, python };
    const run = startDevsetup(['--json'], options);
    await until('a migration runs', () => isMigrating(project));
    if (how === 'in order') await server.stop();
    else {
      const pid = server.pid();
      process.kill(pid, 'SIGKILL');
      await until('the server is gone', () => !isAlive(pid));
    }
    await server.start();
    await writeProjectFile(project, 'go', '');
    const ended = await run.ended;
    expect(ended.exitCode).toBe(1);
    const { code, message, hint } = failureOf(ended, 'tenant-migrations');
    expect(code).toBe('LOCK_LOST');
    expect(message).toMatch(/server was restarted/);
    expect(hint).toMatch(/Run devsetup again/);
    expect(ended.json?.outcome).toBe('failed');

    const again = await runDevsetup(['--json'], options);
    expect(again).toMatchObject({ exitCode: 0 });
    expect(stepOf(again, 'tenant-migrations').status).toBe('changed');
    expect(await schemasWith(url, INTERRUPTED_MIGRATION)).toEqual(expect.arrayContaining(TENANTS));
    expect(processesOf(project.root)).toEqual([]);
  });
});

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // No such process.
  }
};
