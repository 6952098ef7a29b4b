import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { detectTransactionPooler, poolerError } from '../../../src/postgres/pooler.ts';
import { waitForDatabase } from '../../../src/postgres/wait-for-database.ts';
import { targetOf } from '../../support/database-target.ts';
import { needsPgBouncer, startPgBouncer } from '../../support/pgbouncer.ts';
import { createDatabase, query, type TestDatabase } from '../../support/postgres.ts';

let database: TestDatabase;
const cleanups: (() => Promise<void>)[] = [];
beforeAll(async () => {
  database = await createDatabase();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});
afterAll(() => database.drop());

it('finds no pooler in a direct connection', async () => {
  expect(await detectTransactionPooler(targetOf(database.url))).toBeNull();
});

describe('with PgBouncer', needsPgBouncer, () => {
  const start = async (...args: [mode: 'session' | 'transaction' | 'statement', settings?: Record<string, string>]) => {
    const pooler = await startPgBouncer(database.url, ...args);
    cleanups.push(pooler.stop);
    return targetOf(pooler.url);
  };

  it.each([
    ['transaction', {}],
    ['transaction', { server_round_robin: '1', min_pool_size: '5' }],
    ['transaction', { default_pool_size: '1' }],
    ['statement', {}],
  ] as const)('finds mode %s with %j', async (mode, settings) => {
    const target = await start(mode, settings);
    const found = await detectTransactionPooler(target);
    expect(found).not.toBeNull();
    const error = poolerError({ ...target, port: 6543 }, found ?? { evidence: '' });
    expect(error).toMatchObject({ code: 'DATABASE_POOLER', hint: expect.stringContaining('5432') });
  });

  it('finds it while others use the pool', async () => {
    const target = await start('transaction', { default_pool_size: '4' });
    const load = new AbortController();
    const { host, port, database: name, user, password } = target;
    const url = `postgresql://${user}:${password}@${host}:${port}/${name}`;
    const others = [1, 2].map(async () => {
      while (!load.signal.aborted) await query(url, 'SELECT pg_sleep(0.005)');
    });
    try {
      for (let round = 0; round < 5; round += 1) expect(await detectTransactionPooler(target)).not.toBeNull();
    } finally {
      load.abort();
      await Promise.all(others);
    }
  });

  it('has nothing against session mode, where locks last', async () => {
    expect(await detectTransactionPooler(await start('session'))).toBeNull();
  });

  it('waits through it and understands what it answers', async () => {
    const target = await start('transaction');
    expect((await waitForDatabase(target)).attempts).toBe(1);
    await expect(waitForDatabase({ ...target, password: 'wrong' })).rejects.toMatchObject({
      code: 'DATABASE_PASSWORD_REJECTED',
    });
    await expect(waitForDatabase({ ...target, database: 'not_there' })).rejects.toMatchObject({
      code: 'DATABASE_MISSING',
    });
  });
});
