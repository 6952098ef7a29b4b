import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { startDevsetup } from '../../support/run-devsetup.ts';
import { outcomeOf, withSite, type Site } from '../behaviour/support/site.ts';
import { sharedMigrationRunning, WAIT_FOR_GO } from '../faults/support/faults.ts';
import { until } from '../../support/until.ts';
import { writeProjectFile } from '../../support/sample-project.ts';
import { threadsInReady } from '../../support/variations.ts';
import { DJANGO_42, DJANGO_52 } from '../../support/venv.ts';
import { ADD_COLUMN, ADD_SHARED_COLUMN, blockTable, migrationOf } from './support/blocking.ts';
import { sampleOf } from '../../support/thoroughness.ts';

const PROD = ['migrate', '--environment', 'prod'];
const impatient = (lockRetries: number): Readonly<Record<string, unknown>> => ({
  environments: { prod: { lockTimeoutSeconds: 0.4, lockRetries } },
});

interface Told {
  readonly schema: string;
  readonly outcome: string;
  readonly tries: number;
  readonly error: string | null;
}
const told = (data: Readonly<Record<string, unknown>>): readonly Told[] => data['tenants'] as Told[];

const hasColumn = async (site: Site, schema: string): Promise<boolean> => {
  const rows = await site.sql(
    `SELECT 1 FROM information_schema.columns WHERE table_schema = $1 AND column_name = 'extra'`,
    [schema],
  );
  return rows.length > 0;
};

describe('a table of one tenant that a long transaction reads', () => {
  test.each(
    sampleOf(
      [
        ['psycopg 2', DJANGO_42],
        ['psycopg 3', DJANGO_52],
      ],
      2,
    ),
  )('and never leaves: exit code 1, who holds it is named, the others are done (%s)', async (_, requirements) => {
    const variations = [migrationOf('notices', ADD_COLUMN)];
    await withSite({ start: 3, variations, requirements, config: impatient(2) }, async (site) => {
      const blocker = await blockTable(site.database.url, 't002.notices_notice');
      const run = await site.run(PROD);
      await blocker.release();
      expect(run.exitCode).toBe(1);
      const { code, output, hint, message } = run.failure('tenant-migrations');
      expect(code).toBe('TENANTS_FAILED');
      expect(message).toContain('1 failed, 0 not attempted, 3 migrated');
      const text = output.join('\n');
      expect(text).toContain('t002 at notices.0006_changed: no lock on t002.notices_notice within 0.4 s');
      expect(text).toContain(
        `held by nightly report (server process ${blocker.pid}, role postgres, idle in transaction`,
      );
      expect(text).toContain('ALTER TABLE notices_notice ADD COLUMN extra integer');
      expect(text).toContain('tried 3 times');
      const t002 = told(run.step('tenant-migrations').data).find(({ schema }) => schema === 't002');
      expect(t002?.error).toContain('no lock on t002.notices_notice within 0.4 s; held by nightly report');
      expect(text).not.toContain('File "');
      expect(hint).toContain(`SELECT pg_terminate_backend(${blocker.pid})`);
      expect(hint).toContain('devsetup migrate --environment prod --only-tenants t002');
      expect(await hasColumn(site, 't001')).toBe(true);
      expect(await hasColumn(site, 't003')).toBe(true);
      expect(await hasColumn(site, 't002')).toBe(false);

      const again = await site.run([...PROD, '--only-tenants', 't002']);
      expect(again.exitCode).toBe(0);
      expect(await hasColumn(site, 't002')).toBe(true);
    });
  });

  test('and leaves: it is tried again, and all are done', async () => {
    const variations = [migrationOf('notices', ADD_COLUMN)];
    await withSite({ start: 3, variations, config: impatient(10) }, async (site) => {
      const blocker = await blockTable(site.database.url, 't002.notices_notice');
      const options = { cwd: site.project.root, env: site.env, python: site.python };
      const started = startDevsetup([...PROD, '--ui', 'plain', '--json'], options);
      await started.waitForOutput(/t002 gave way to a lock of nightly report .*: try 2 of 11 in/);
      await blocker.release();
      const run = outcomeOf(await started.ended);
      expect(run.exitCode).toBe(0);
      const t002 = told(run.step('tenant-migrations').data).find(({ schema }) => schema === 't002');
      expect(t002).toMatchObject({ outcome: 'migrated' });
      expect(t002?.tries).toBeGreaterThan(1);
      expect(run.step('tenant-migrations').details.join()).toContain('gave way to a lock, done at try');
      expect(await hasColumn(site, 't002')).toBe(true);
      expect((await site.run(PROD)).report.outcome).toBe('unchanged');
    });
  });

  test('under a migration that is not atomic: it is not tried again, and why is said', async () => {
    const operations = `migrations.RunSQL("CREATE TABLE half_done (id integer)"), ${ADD_COLUMN}`;
    const variations = [migrationOf('notices', operations, false)];
    await withSite({ start: 2, variations, config: impatient(5) }, async (site) => {
      const blocker = await blockTable(site.database.url, 't002.notices_notice');
      const run = await site.run(PROD);
      await blocker.release();
      expect(run.exitCode).toBe(1);
      const { output, hint } = run.failure('tenant-migrations');
      expect(output.join('\n')).toContain('not tried again, since it is not atomic');
      expect(hint).toContain('notices.0006_changed is not atomic');
      expect(told(run.step('tenant-migrations').data).find(({ schema }) => schema === 't002')?.tries).toBe(1);
      expect(await hasColumn(site, 't001')).toBe(true);
    });
  });
});

test('where Django is started anew for every request, the limit holds too', async () => {
  const variations = [migrationOf('notices', ADD_COLUMN), threadsInReady];
  await withSite({ start: 2, variations, config: impatient(0) }, async (site) => {
    const blocker = await blockTable(site.database.url, 't002.notices_notice');
    const run = await site.run(PROD);
    await blocker.release();
    expect(run.exitCode).toBe(1);
    expect(run.failure('tenant-migrations').output.join('\n')).toContain('no lock on t002.notices_notice within 0.4 s');
    expect(run.failure('tenant-migrations').output.join('\n')).toContain('tried once');
    expect(await hasColumn(site, 't001')).toBe(true);
  });
});

describe('a shared table that a long transaction reads', () => {
  test('and never leaves: what was and was not done is said', async () => {
    const variations = [migrationOf('plans', ADD_SHARED_COLUMN)];
    await withSite({ start: 2, variations, config: impatient(1) }, async (site) => {
      const blocker = await blockTable(site.database.url, 'public.plans_plan');
      const run = await site.run(PROD);
      await blocker.release();
      expect(run.exitCode).toBe(1);
      const { code, message, output, hint } = run.failure('shared-migrations');
      expect(code).toBe('MIGRATION_LOCK_TIMEOUT');
      expect(message).toContain(
        'at plans.0006_changed: no lock on public.plans_plan within 0.4 s; held by nightly report',
      );
      expect(message).toContain('tried 2 times');
      expect(output).toContain('applied before it stopped: nothing');
      expect(output.at(-1)).toBe('not applied: plans.0006_changed');
      expect(hint).toContain('devsetup migrate --environment prod');
      expect(run.status('tenant-migrations')).toBe('not-attempted');
      expect((await site.run(PROD)).exitCode).toBe(0);
    });
  });

  test('and leaves: it is tried again', async () => {
    const variations = [migrationOf('plans', ADD_SHARED_COLUMN)];
    await withSite({ start: 'ready', variations, config: impatient(10) }, async (site) => {
      const blocker = await blockTable(site.database.url, 'public.plans_plan');
      const options = { cwd: site.project.root, env: site.env, python: site.python };
      const started = startDevsetup([...PROD, '--ui', 'plain', '--json'], options);
      await started.waitForOutput(/plans\.0006_changed gave way to a lock/);
      await blocker.release();
      const run = outcomeOf(await started.ended);
      expect(run.exitCode).toBe(0);
      expect(run.step('shared-migrations').details.join()).toContain('gave way to a lock, done at try');
      expect(await hasColumn(site, 'public')).toBe(true);
    });
  });
});

test('a look at the schemas gives way, too, and is repeated', async () => {
  await withSite({ start: 'ready', config: impatient(10) }, async (site) => {
    const blocker = await blockTable(site.database.url, 'public.customers_library', 'ACCESS EXCLUSIVE');
    const options = { cwd: site.project.root, env: site.env, python: site.python };
    const started = startDevsetup([...PROD, '--ui', 'plain', '--json'], options);
    await started.waitForOutput('the inspection of the schemas gave way to a lock');
    await blocker.release();
    expect((await started.ended).json?.outcome).toBe('unchanged');
  });
});

const RECORD_LIMIT = (app: string): string => `
import pathlib
with schema_editor.connection.cursor() as cursor:
    cursor.execute("SHOW lock_timeout")
    limit = cursor.fetchone()[0]
here = pathlib.Path(__file__).resolve().parents[3]
(here / ("limit-${app}-" + schema_editor.connection.schema_name)).write_text(limit)`;

test('lock_timeout is set on every connection, to the millisecond, and lifted for what lets others work', async () => {
  const run = (name: string): string =>
    `exec(${JSON.stringify(RECORD_LIMIT(name).trim())}, {"schema_editor": schema_editor, "__file__": __file__})`;
  const concurrent = `migrations.RunPython(record), migrations.RunSQL("CREATE INDEX CONCURRENTLY slowly ON notices_notice (title)"), migrations.RunPython(record)`;
  const variations = [
    sharedMigrationRunning(RECORD_LIMIT('shared')),
    migrationOf('notices', concurrent, false),
    async (project: Parameters<ReturnType<typeof migrationOf>>[0]) => {
      const file = path.join(project.backend, 'notices/migrations/0006_changed.py');
      const text = await readFile(file, 'utf8');
      const record = `\n\ndef record(apps, schema_editor):\n    ${run('tenant')}\n\n\nclass Migration`;
      await writeProjectFile(
        project,
        'backend/notices/migrations/0006_changed.py',
        text.replace('\n\n\nclass Migration', record),
      );
    },
  ];
  const config = { environments: { prod: { lockTimeoutSeconds: 1.5 } } };
  await withSite({ start: 1, variations, config }, async (site) => {
    const blocker = await blockTable(site.database.url, 't001.notices_notice', 'ROW EXCLUSIVE');
    const started = startDevsetup([...PROD, '--json'], {
      cwd: site.project.root,
      env: site.env,
      python: site.python,
    });
    // The index waits for the writer, for as long as it takes, and keeps nobody from the table meanwhile.
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'
                       AND query_start < now() - interval '2.5 seconds'`;
    await until('the index waits longer than the limit', async () => (await site.sql(waiting)).length > 0);
    await blocker.release();
    expect(outcomeOf(await started.ended)).toMatchObject({ exitCode: 0 });
    const limit = (name: string): Promise<string> => readFile(path.join(site.project.root, `limit-${name}`), 'utf8');
    expect(await limit('shared-public')).toBe('1500ms');
    expect(await limit('tenant-t001')).toBe('1500ms');
  });
});

test('another devsetup migrates: LOCK_TIMEOUT names it', async () => {
  await withSite({ start: 'ready', variations: [sharedMigrationRunning(WAIT_FOR_GO)] }, async (site) => {
    const options = { cwd: site.project.root, env: site.env, python: site.python };
    const first = startDevsetup([...PROD, '--json'], options);
    const running = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = 2
                       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    await until('the first migrates', async () => (await site.sql(running)).length > 0);
    for (const args of [
      PROD,
      [...PROD, '--shard', '1/2'],
      [...PROD, '--shard', '2/2', '--only', 'shared-migrations'],
    ]) {
      const second = await site.run([...args, '--lock-timeout', '1']);
      expect(second.exitCode).toBe(1);
      const { code, message } = second.failure('shared-migrations');
      expect(code).toBe('LOCK_TIMEOUT');
      expect(message).toMatch(new RegExp(`devsetup .* pid ${first.child.pid} on .* since \\d{4}-\\d\\d-\\d\\d`));
    }
    await writeProjectFile(site.project, 'go', '');
    expect((await first.ended).exitCode).toBe(0);
  });
});
