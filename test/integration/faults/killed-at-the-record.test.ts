import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import { createDatabase, query } from '../../support/postgres.ts';
import { createReadyDatabase } from '../../support/ready-database.ts';
import { runDevsetup, startDevsetup } from '../../support/run-devsetup.ts';
import { appendSettings, createSampleProject, type Variation } from '../../support/sample-project.ts';
import { extraTenants, plainDjango, withoutOwnCommands } from '../../support/variations.ts';
import { DJANGO_42, DJANGO_52, ensureVenv } from '../../support/venv.ts';
import { cleanUpAfterEach, failureOf, processesOf } from './support/faults.ts';
import { until } from '../../support/until.ts';
import { holdPermissions, holdRecord } from './support/hold-record.ts';
import { sampleOf } from '../../support/thoroughness.ts';

const keep = cleanUpAfterEach();

/** A thread of the project's own: every request gets a process of its own. */
const withThread: Variation = (project) =>
  appendSettings(project, 'import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()');

const CASES: readonly [string, string, string, readonly Variation[], readonly string[]][] = [
  ['the shared schema', 'public', 'auth.0001_initial', [], DJANGO_52],
  ['the shared schema, Django 4.2', 'public', 'auth.0001_initial', [], DJANGO_42],
  ['a database without tenants', 'public', 'loans.0001_initial', [plainDjango], DJANGO_52],
  ['a tenant of the fleet', 't002', 'loans.0001_initial', [extraTenants(2)], DJANGO_52],
  ['a tenant of the fleet, Django 4.2', 't002', 'loans.0001_initial', [extraTenants(2)], DJANGO_42],
  [
    'a tenant of the fleet, in a fresh process',
    't001',
    'loans.0005_loan_issued_by',
    [extraTenants(1), withThread],
    DJANGO_52,
  ],
  ['a tenant that the project creates', 'guest', 'loans.0001_initial', [], DJANGO_52],
  ['a tenant that devsetup creates', 'guest', 'loans.0001_initial', [withoutOwnCommands], DJANGO_52],
];

describe('a run that is killed when a migration with a foreign key is done but not recorded', () => {
  it.each(sampleOf(CASES, 4))('in %s: a re-run converges', async (_, schema, migration, variations, requirements) => {
    const python = await ensureVenv(requirements);
    const database = keep(await createDatabase());
    const project = keep(await createSampleProject({ variations }));
    const options = { cwd: project.root, env: { DATABASE_URL: database.url }, python };
    const held = await holdRecord(database.url, schema, migration);
    const run = startDevsetup(['--ui', 'plain', '--skip', 'superuser'], options);
    await until(`${migration} is to be recorded`, () => held.isWaiting());
    run.child.kill('SIGKILL');
    await run.ended;
    // Before its connection ends: a process that is still there would see that and clean up.
    await until('every process has ended', () => processesOf(project.root).length === 0);
    await held.release();

    const again = await runDevsetup(['--json', '--skip', 'superuser'], options);
    expect(again).toMatchObject({ exitCode: 0 });
    const third = await runDevsetup(['--json', '--force', '--skip', 'superuser'], options);
    expect(third.json?.outcome).toBe('unchanged');
  });
});

const runProgram = promisify(execFile);

describe('a migration that is applied and not recorded, as plain Django leaves it when it is killed', () => {
  it.each([
    ['shared-migrations', 'public', 'customers', '0004_library_contact_email'],
    ['tenant-migrations', 'guest', 'loans', '0005_loan_issued_by'],
  ])('%s: the failure says how to compare and to record it, which converges', async (step, schema, app, name) => {
    const python = await ensureVenv(DJANGO_52);
    const database = keep(await createReadyDatabase(python));
    const project = keep(await createSampleProject());
    const options = { cwd: project.root, env: { DATABASE_URL: database.url }, python };
    await query(database.url, `DELETE FROM "${schema}".django_migrations WHERE app = $1 AND name = $2`, [app, name]);

    const { hint } = failureOf(await runDevsetup(['--json'], options), step);
    const commands = [...hint.matchAll(/`(cd .* manage\.py .*)`$/gm)].map(([, typed = '']) => typed);
    expect(commands.map((typed) => typed.includes('--fake'))).toEqual([false, true]);
    for (const typed of commands)
      await runProgram('sh', ['-c', typed], {
        cwd: project.root,
        env: { ...process.env, DATABASE_URL: database.url },
      });
    // The run that failed stopped before `post_migrate`: the next one makes up for that.
    expect(await runDevsetup(['--json'], options)).toMatchObject({ exitCode: 0 });
    expect(await runDevsetup(['--json'], options)).toMatchObject({ exitCode: 0, json: { outcome: 'unchanged' } });
  });
});

/** The sample with its own users and permissions in every tenant. */
const withTenantPermissions: Variation = (project) =>
  appendSettings(
    project,
    'TENANT_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "accounts", *TENANT_APPS]',
  );

const PERMISSIONS = (schema: string): string =>
  `SELECT app_label, codename FROM "${schema}".auth_permission JOIN "${schema}".django_content_type c ON c.id = content_type_id ORDER BY 1, 2`;

describe('a run that is killed after the last migration, while Django creates permissions', () => {
  it.each<[string, string, readonly Variation[]]>([
    ['the shared schema', 'public', []],
    ['a database without tenants', 'public', [plainDjango]],
    ['a tenant of the fleet', 't001', [extraTenants(1), withTenantPermissions]],
    ['a tenant that the project creates', 'guest', [withTenantPermissions]],
  ])('in %s: a re-run creates them', async (_, schema, variations) => {
    const python = await ensureVenv(DJANGO_52);
    const database = keep(await createDatabase());
    const undisturbed = keep(await createDatabase());
    const project = keep(await createSampleProject({ variations }));
    const options = { cwd: project.root, env: { DATABASE_URL: database.url }, python };
    const held = await holdPermissions(database.url, schema);
    const run = startDevsetup(['--ui', 'plain'], options);
    await until('permissions are to be created', () => held.isWaiting());
    run.child.kill('SIGKILL');
    await run.ended;
    await until('every process has ended', () => processesOf(project.root).length === 0);
    await held.release();

    expect(await runDevsetup(['--json'], options)).toMatchObject({ exitCode: 0 });
    await runDevsetup(['--json'], { ...options, env: { DATABASE_URL: undisturbed.url } });
    const permissions = await query(undisturbed.url, PERMISSIONS(schema));
    expect(permissions.length).toBeGreaterThan(10);
    expect(await query(database.url, PERMISSIONS(schema))).toEqual(permissions);
    expect((await runDevsetup(['--json', '--force'], options)).json?.outcome).toBe('unchanged');
  });
});
