import { randomBytes } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { startDevsetup } from '../../support/run-devsetup.ts';
import { threadsInReady, withoutOwnCommands } from '../../support/variations.ts';
import { DJANGO_42, DJANGO_52 } from '../../support/venv.ts';
import { outcomeOf, withSite, type Outcome, type Site } from '../behaviour/support/site.ts';
import { tenantMigrationRunning } from '../faults/support/faults.ts';
import { migrationOf } from './support/blocking.ts';
import { changeFunction, migrationsOf, sharedStatements, SHARED_FUNCTION, undoShared } from './support/collisions.ts';
import { isThorough } from '../../support/thoroughness.ts';

const PROD = ['migrate', '--environment', 'prod'];
const SHARD_ROUNDS = isThorough ? 4 : 1;
const SCHEMAS = ['guest', ...Array.from({ length: 11 }, (_, index) => `t${String(index + 1).padStart(3, '0')}`)];

interface Told {
  readonly schema: string;
  readonly outcome: string;
  readonly tries: number;
  readonly error: string | null;
}
const told = (run: Outcome): readonly Told[] => run.step('tenant-migrations').data['tenants'] as Told[];

const failures = (run: Outcome): readonly string[] =>
  run.report.steps.flatMap(({ failure }) => (failure === null ? [] : [failure.message, ...failure.output]));

/** Rows that need environments of their own run where time is no matter. */
const STRESS = [
  { title: 'devsetup and devsetup migrate in turn', rounds: isThorough ? 10 : 2, requirements: DJANGO_52, more: [] },
  ...(isThorough
    ? [
        { title: 'psycopg 2', rounds: 2, requirements: DJANGO_42, more: [] },
        { title: 'a new Django for every request', rounds: 2, requirements: DJANGO_52, more: [threadsInReady] },
      ]
    : []),
];

describe('12 tenants that change what all of them share', () => {
  test.each(STRESS)(
    'are migrated by several workers without a failure, $rounds times: $title',
    { timeout: 1_800_000 },
    async ({ rounds, requirements, more }) => {
      const role = `stress_${randomBytes(4).toString('hex')}`;
      const variations = [migrationsOf(sharedStatements(role)), ...more];
      const config = { migrations: { concurrency: 4 } };
      await withSite({ start: 11, variations, requirements, config }, async (site) => {
        try {
          for (let round = 1; round <= rounds; round += 1) {
            const run = await site.run([
              ...(round % 2 === 0 ? PROD : []),
              '--only',
              'shared-migrations,tenant-migrations',
            ]);
            expect(failures(run), `round ${round}`).toEqual([]);
            const migrated = told(run).filter(({ outcome }) => outcome === 'migrated');
            expect(migrated.map(({ schema }) => schema).toSorted()).toEqual(SCHEMAS);
            for (const statement of undoShared(role, SCHEMAS)) await site.sql(statement);
          }
        } finally {
          for (const statement of undoShared(role, [])) await site.sql(statement);
        }
      });
    },
  );
});

test(
  `two shards that change what all tenants share, side by side, are migrated without a failure, ${SHARD_ROUNDS} times`,
  {
    timeout: 1_800_000,
  },
  async () => {
    const role = `stress_${randomBytes(4).toString('hex')}`;
    const config = { migrations: { concurrency: 2 } };
    await withSite({ start: 11, variations: [migrationsOf(sharedStatements(role))], config }, async (site) => {
      try {
        await site.run([...PROD, '--only', 'shared-migrations']);
        for (let round = 1; round <= SHARD_ROUNDS; round += 1) {
          const runs = await Promise.all(['1/2', '2/2'].map((shard) => site.run([...PROD, '--shard', shard])));
          expect(runs.flatMap(failures), `round ${round}`).toEqual([]);
          const migrated = runs.flatMap(told).filter(({ outcome }) => outcome === 'migrated');
          expect(migrated.map(({ schema }) => schema).toSorted()).toEqual(SCHEMAS);
          for (const statement of undoShared(role, SCHEMAS)) await site.sql(statement);
        }
      } finally {
        for (const statement of undoShared(role, [])) await site.sql(statement);
      }
    });
  },
);

/** Runs devsetup; as soon as it waits for another session's change of the shared function, that session commits. */
const runInto = async (site: Site, args: readonly string[]): Promise<Outcome> => {
  const other = await changeFunction(site.database.url);
  const options = { cwd: site.project.root, env: site.env, python: site.python };
  const started = startDevsetup([...args, '--ui', 'plain', '--json'], options);
  await other.commitOnceAwaited();
  return outcomeOf(await started.ended);
};

describe('a tenant whose migration changes what another session has just changed', () => {
  test.each([
    ['devsetup', []],
    ['devsetup migrate', PROD],
  ])('is tried again, which the result and the progress say: %s', async (_, args) => {
    await withSite({ start: 2, variations: [migrationsOf([SHARED_FUNCTION])] }, async (site) => {
      const run = await runInto(site, args);
      expect(failures(run)).toEqual([]);
      expect(told(run).map(({ outcome }) => outcome)).toEqual(['migrated', 'migrated', 'migrated']);
      const again = told(run).filter(({ tries }) => tries > 1);
      expect(again.length).toBeGreaterThan(0);
      expect(run.step('tenant-migrations').details.join()).toContain(
        `collided with another session, done at try 2: ${again[0]?.schema}`,
      );
      expect(run.stderr).toMatch(/collided with another session: try 2 of 3/);
      expect((await site.run(args)).report.outcome).toBe('unchanged');
    });
  });

  test('is not tried again under a migration that is not atomic, and the report says why', async () => {
    const variations = [migrationsOf([SHARED_FUNCTION], false)];
    await withSite({ start: 2, variations, config: { migrations: { concurrency: 1 } } }, async (site) => {
      const run = await runInto(site, []);
      expect(run.exitCode).toBe(1);
      const { output, hint } = run.failure('tenant-migrations');
      expect(output.join('\n')).toContain('tuple concurrently updated (not tried again, since it is not atomic)');
      expect(hint).toContain('notices.0006_shared is not atomic');
      expect(told(run).map(({ tries }) => tries)).toEqual([1, 1, 1]);
    });
  });

  test('is created again, where it is a new tenant', async () => {
    const variations = [withoutOwnCommands, migrationsOf([SHARED_FUNCTION])];
    const config = { tenants: { guest: { schema: 'visitor', domain: 'visitor.localhost' } } };
    await withSite({ start: 'ready', variations, config }, async (site) => {
      await site.run(['--only', 'shared-migrations,tenant-migrations']);
      const run = await runInto(site, ['--only', 'guest-tenant']);
      expect(failures(run)).toEqual([]);
      expect(run.status('guest-tenant')).toBe('changed');
      expect(run.stderr).toContain('guest-tenant collided with another session: try 2 of 3');
      expect(await site.sql("SELECT 1 FROM visitor.django_migrations WHERE name = '0006_shared'")).toHaveLength(1);
    });
  });
});

test('a shared migration that changes what another session has just changed is tried again', async () => {
  const operation = `migrations.RunSQL(${JSON.stringify(SHARED_FUNCTION)})`;
  await withSite({ start: 'ready', variations: [migrationOf('plans', operation)] }, async (site) => {
    const run = await runInto(site, []);
    expect(failures(run)).toEqual([]);
    expect(run.step('shared-migrations').details.join()).toContain('collided with another session, done at try 2');
    expect(run.step('shared-migrations').data['tries']).toBe(2);
  });
});

test('an object that another tenant creates after the check for it: the tenant is tried again, alone', async () => {
  // t001 checks first and creates last. The others create the type in between: not before t001 holds the lock that says it has checked.
  const code = `
import time
exists = "SELECT 1 FROM pg_type WHERE typname = 'mood'"
checked = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 7 AND objid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
with schema_editor.connection.cursor() as cursor:
    cursor.execute(exists)
    if cursor.fetchone() is None:
        awaited = checked
        if schema_editor.connection.schema_name == "t001":
            cursor.execute("SELECT pg_advisory_xact_lock(7, 1)")
            awaited = exists
        for _ in range(600):
            cursor.execute(awaited)
            if cursor.fetchone() is not None:
                break
            time.sleep(0.1)
        cursor.execute("CREATE TYPE public.mood AS ENUM ('fine')")`;
  const config = { migrations: { concurrency: 2 } };
  await withSite({ start: 3, variations: [tenantMigrationRunning(code)], config }, async (site) => {
    const run = await site.run(['--ui', 'plain']);
    expect(failures(run)).toEqual([]);
    expect(told(run).find(({ schema }) => schema === 't001')).toMatchObject({ outcome: 'migrated', tries: 2 });
    expect(run.stderr).toContain('trying again, one at a time without other workers');
  });
});

describe('what only looks like a collision', () => {
  test('a duplicate row in a table is not tried again', async () => {
    const insert = 'CREATE TABLE IF NOT EXISTS public.labels (name text UNIQUE); INSERT INTO public.labels VALUES (1)';
    await withSite({ start: 2, variations: [migrationsOf([insert])] }, async (site) => {
      await site.sql(insert);
      const run = await site.run();
      expect(run.exitCode).toBe(1);
      expect(run.failure('tenant-migrations').output.join('\n')).toContain('labels_name_key');
      expect(told(run).map(({ tries }) => tries)).toEqual([1, 1, 1]);
    });
  });

  test('a statement that fails alone as well ends the tries after the first tenant that proves it', async () => {
    // There is no IF NOT EXISTS for it, and PostgreSQL reports the second one as a collision.
    const create = 'CREATE TEXT SEARCH CONFIGURATION public.twice (COPY = simple)';
    await withSite({ start: 4, variations: [migrationsOf([create])] }, async (site) => {
      const run = await site.run();
      expect(run.exitCode).toBe(1);
      const { message, output, hint } = run.failure('tenant-migrations');
      expect(message).toContain('4 failed, 0 not attempted, 1 migrated');
      expect(output.join('\n')).toContain('collided with another session in pg_ts_config');
      expect(hint).toContain('--only-tenants');
      expect(
        told(run)
          .map(({ tries }) => tries)
          .toSorted(),
      ).toEqual([1, 2, 2, 2, 3]);
    });
  });
});
