import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { bundleModule } from '../../../scripts/bundle.mjs';
import { WORKER_LOCK, withMigrationLock, type LockHolder } from '../../../src/postgres/advisory-lock.ts';
import { openSession } from '../../../src/postgres/connect.ts';
import { targetOf } from '../../support/database-target.ts';
import { createDatabase, query, startOwnServer, type TestDatabase } from '../../support/postgres.ts';

/** Something to wait for. */
const createEvent = <T = void>() => {
  let happens: (value: T) => void = () => undefined;
  const happened = new Promise<T>((resolve) => (happens = resolve));
  return { happens, happened };
};

describe('withMigrationLock', () => {
  const cleanups: (() => unknown)[] = [];
  let database: TestDatabase;
  const lockOf = (timeoutSeconds: number, onWaiting?: (holder: LockHolder | null) => void) => ({
    timeoutSeconds,
    version: '1.2.3',
    ...(onWaiting === undefined ? {} : { onWaiting }),
  });
  beforeEach(async () => {
    database = await createDatabase();
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    await database.drop();
  });

  it('lets one run in at a time and tells the other who is in', async () => {
    const target = targetOf(database.url);
    const order: string[] = [];
    const holders: (LockHolder | null)[] = [];
    const inside = createEvent();
    const waits = createEvent();
    const first = withMigrationLock(target, lockOf(60), async () => {
      inside.happens();
      await waits.happened;
      order.push('first');
    });
    await inside.happened;
    const onWaiting = (holder: LockHolder | null): void => {
      holders.push(holder);
      waits.happens();
    };
    const second = withMigrationLock(target, lockOf(60, onWaiting), async () => {
      order.push('second');
    });
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
    expect(holders).toHaveLength(1);
    expect(holders[0]?.applicationName).toMatch(new RegExp(`^devsetup 1\\.2\\.3 pid ${process.pid} on `));
    expect(holders[0]?.since).toBeInstanceOf(Date);
  });

  it('does not keep databases of one server from each other', async () => {
    const other = await createDatabase();
    cleanups.push(other.drop);
    const result = await withMigrationLock(targetOf(database.url), lockOf(0), () =>
      withMigrationLock(targetOf(other.url), lockOf(0), () => Promise.resolve('both')),
    );
    expect(result).toBe('both');
  });

  it('gives up after the timeout and names the holder', async () => {
    const target = targetOf(database.url);
    await withMigrationLock(target, lockOf(0), async () => {
      await expect(withMigrationLock(target, lockOf(0.3), () => Promise.resolve())).rejects.toMatchObject({
        code: 'LOCK_TIMEOUT',
        message: expect.stringContaining(`devsetup 1.2.3 pid ${process.pid}`),
      });
    });
    await withMigrationLock(target, lockOf(0), () => Promise.resolve());
  });

  it('stops waiting when interrupted', async () => {
    const target = targetOf(database.url);
    await withMigrationLock(target, lockOf(0), async () => {
      const interruption = new AbortController();
      const options = { ...lockOf(86_400, () => interruption.abort()), signal: interruption.signal };
      const waiting = withMigrationLock(target, options, () => Promise.resolve());
      await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    });
  });

  it('keeps the lock while an interrupted run stops its work', async () => {
    const target = targetOf(database.url);
    const interruption = new AbortController();
    const run = withMigrationLock(target, { ...lockOf(0), signal: interruption.signal }, async (signal) => {
      interruption.abort();
      expect(signal.aborted).toBe(true);
      await expect(withMigrationLock(target, lockOf(0), () => Promise.resolve())).rejects.toMatchObject({
        code: 'LOCK_TIMEOUT',
      });
    });
    await run;
  });

  it('is free again after the holder was killed', async () => {
    const program = fileURLToPath(new URL('../../support/hold-lock.mjs', import.meta.url));
    const modules = await Promise.all(['postgres/advisory-lock.ts', 'postgres/target.ts'].map(bundleModule));
    cleanups.push(() => modules.forEach(({ directory }) => rmSync(directory, { recursive: true })));
    const holder = spawn(process.execPath, [program, ...modules.map(({ url }) => url), database.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    const target = targetOf(database.url);
    const seen = createEvent<LockHolder | null>();
    const next = withMigrationLock(target, lockOf(60, seen.happens), () => Promise.resolve('in'));
    expect((await seen.happened)?.applicationName).toContain(`pid ${holder.pid}`);
    holder.kill('SIGKILL');
    expect(await next).toBe('in');
  });

  it('waits for the workers that a killed run left behind', async () => {
    const target = targetOf(database.url);
    const worker = await openSession(target, { applicationName: 'orphan' });
    cleanups.push(() => worker.end());
    await worker.query('SELECT pg_advisory_lock_shared($1::int4, $2::int4)', WORKER_LOCK);
    const late = withMigrationLock(target, lockOf(0.3), () => Promise.resolve());
    await expect(late).rejects.toMatchObject({ code: 'LOCK_TIMEOUT', message: expect.stringContaining('orphan') });
    const waits = createEvent();
    const next = withMigrationLock(
      target,
      lockOf(60, () => waits.happens()),
      async () => {
        // The run's own workers must get in.
        const own = await openSession(target);
        cleanups.push(() => own.end());
        const rows = await own.query('SELECT pg_try_advisory_lock_shared($1::int4, $2::int4) AS locked', WORKER_LOCK);
        return rows[0]?.['locked'];
      },
    );
    await waits.happened;
    await worker.end();
    expect(await next).toBe(true);
  });

  it('tells the run when the lock is lost, here because its session was terminated', async () => {
    const target = targetOf(database.url);
    const run = withMigrationLock(target, lockOf(0), async (signal) => {
      const aborted = once(signal, 'abort');
      await query(
        database.url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'devsetup 1.2.3%' AND datname = current_database()",
      );
      await aborted;
      throw new Error('stopped because of the signal');
    });
    await expect(run).rejects.toMatchObject({ code: 'LOCK_LOST' });
  });

  it('tells the run when the server is restarted', async () => {
    const server = await startOwnServer();
    cleanups.push(server.remove);
    const target = targetOf(server.url);
    const run = withMigrationLock(target, lockOf(0), async (signal) => {
      const aborted = once(signal, 'abort');
      await server.stop();
      await aborted;
    });
    await expect(run).rejects.toMatchObject({ code: 'LOCK_LOST' });
    await server.start();
    expect(await withMigrationLock(target, lockOf(0), () => Promise.resolve('again'))).toBe('again');
  });

  it('passes on what the run throws and returns', async () => {
    const target = targetOf(database.url);
    const failing = withMigrationLock(target, lockOf(0), () => Promise.reject(new Error('migration failed')));
    await expect(failing).rejects.toThrow('migration failed');
    expect(await withMigrationLock(target, lockOf(0), () => Promise.resolve(42))).toBe(42);
  });
});
