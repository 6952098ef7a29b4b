import { describe, expect, test } from 'vitest';

import { until } from '../../support/until.ts';
import { GENERATIONS, migrateTenants, migration, openSession, sql, startShared } from './support/tenant-site.ts';

const LOCK: readonly [number, number] = [4711, 1];

/** A thread of the migration has a connection of its own. */
const SECOND_CONNECTION = {
  'crm/migrations/0003_thread.py': migration(
    "('crm', '0002_city')",
    'migrations.RunPython(ask)',
    `
import threading

def ask(apps, schema_editor):
    def work():
        with connection.cursor() as cursor:
            cursor.execute('SELECT 1')
        connection.close()
    if connection.schema_name != 'public':
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(60)
        assert not thread.is_alive(), 'the second connection waits for the first'
`,
  ),
};

/** The migration goes on when the test releases its advisory lock of this key. */
const GATE = 4_712;

const GATED = {
  'crm/migrations/0003_gated.py': migration(
    "('crm', '0002_city')",
    `migrations.RunSQL('SELECT pg_advisory_xact_lock_shared(${GATE})')`,
  ),
};

/** Resolves once another session asks, or asks again and again, for a lock in this way. */
const untilAsking = (statement: string): Promise<void> =>
  until(`a session asks by ${statement}`, async () => {
    const asking = `SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%' || $1 || '%'`;
    return (await sql(asking, [statement])).length > 0;
  });

describe.each(GENERATIONS)('a worker that has to be alone, on %s', (_title, requirements) => {
  test('waits until no other worker migrates', async () => {
    const { client } = await startShared({}, requirements, 'one', 'two');
    const other = await openSession();
    await other.query('SELECT pg_advisory_lock_shared(4711, 1)');
    const migrating = migrateTenants(client, ['one', 'two'], { workerLock: LOCK, alone: true });
    await untilAsking('pg_try_advisory_lock(');
    expect(await sql("SELECT 1 FROM pg_namespace WHERE nspname = 'one'")).toEqual([]);
    await other.end();
    expect((await migrating).results.map(({ outcome }) => outcome)).toEqual(['migrated', 'migrated']);
  });

  test('keeps other workers waiting meanwhile', async () => {
    const { client } = await startShared({ files: GATED }, requirements, 'one', 'two');
    const gate = await openSession();
    await gate.query('SELECT pg_advisory_lock($1)', [GATE]);
    const alone = migrateTenants(client, ['one'], { workerLock: LOCK, alone: true });
    await untilAsking('pg_advisory_xact_lock_shared(');
    const beside = migrateTenants(client, ['two'], { workerLock: LOCK });
    await untilAsking('pg_try_advisory_lock_shared(');
    expect(await sql("SELECT 1 FROM pg_namespace WHERE nspname = 'two'")).toEqual([]);
    await gate.end();
    expect((await alone).results[0]?.outcome).toBe('migrated');
    expect((await beside).results[0]?.outcome).toBe('migrated');
  });

  test('does not wait for itself where a migration opens a second connection', async () => {
    const { client } = await startShared({ files: SECOND_CONNECTION }, requirements, 'one', 'two');
    const { results } = await migrateTenants(client, ['one', 'two'], { workerLock: LOCK, alone: true });
    expect(results.map(({ outcome, error }) => error?.message ?? outcome)).toEqual(['migrated', 'migrated']);
  });
});
