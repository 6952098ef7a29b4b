import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createDatabase, databaseExists } from '../../../src/postgres/create-database.ts';
import { readServerFacts } from '../../../src/postgres/server-facts.ts';
import { openSession, withClient } from '../../../src/postgres/connect.ts';
import { targetOf } from '../../support/database-target.ts';
import { adminUrl, query } from '../../support/postgres.ts';

const NAME = 'create "it" Ü';
const drop = (): Promise<unknown> => query(adminUrl(), `DROP DATABASE IF EXISTS "create ""it"" Ü" WITH (FORCE)`);

describe('createDatabase', () => {
  beforeAll(async () => {
    await query(adminUrl(), "CREATE ROLE may_create LOGIN CREATEDB PASSWORD 'x'");
    await query(adminUrl(), "CREATE ROLE may_not LOGIN PASSWORD 'x'");
  });
  afterAll(async () => {
    await drop();
    await query(adminUrl(), 'DROP ROLE may_create');
    await query(adminUrl(), 'DROP ROLE may_not');
  });

  it('creates a database that the user owns, whatever its name, once', async () => {
    const target = targetOf(adminUrl(), { user: 'may_create', password: 'x', database: NAME });
    expect(await databaseExists(target)).toBe(false);
    expect(await createDatabase(target)).toBe('created');
    expect(await databaseExists(target)).toBe(true);
    expect(await createDatabase(target)).toBe('exists');
    const rows = await withClient(target, (session) =>
      session.query(
        'SELECT current_database() AS name, pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = current_database()',
      ),
    );
    expect(rows).toEqual([{ name: NAME, owner: 'may_create' }]);
    await drop();
  });

  it('survives several processes that create it at the same time', async () => {
    const target = targetOf(adminUrl(), { database: NAME });
    const results = await Promise.all([1, 2, 3, 4].map(() => createDatabase(target)));
    expect(results.filter((result) => result === 'created')).toHaveLength(1);
    await drop();
  });

  it('gives the SQL for an administrator where the role may not', async () => {
    const target = targetOf(adminUrl(), { user: 'may_not', password: 'x', database: NAME });
    await expect(createDatabase(target)).rejects.toMatchObject({
      code: 'DATABASE_CREATE_DENIED',
      hint: expect.stringContaining('ALTER ROLE "may_not" CREATEDB'),
    });
  });

  it('goes to template1 where there is no database postgres', async () => {
    const target = targetOf(adminUrl(), { database: NAME });
    await expect(databaseExists(target, { maintenanceDatabase: 'no such' })).rejects.toMatchObject({
      code: 'DATABASE_MISSING',
    });
    expect(await databaseExists(target, { maintenanceDatabase: 'template1' })).toBe(false);
  });
});

describe('readServerFacts', () => {
  it('counts the connections that the role still has', async () => {
    await query(adminUrl(), "CREATE ROLE limited LOGIN CONNECTION LIMIT 3 PASSWORD 'x'");
    const target = targetOf(adminUrl(), { user: 'limited', password: 'x' });
    const held = await openSession(target);
    try {
      expect((await readServerFacts(target)).freeConnections).toBe(2);
      const facts = await readServerFacts(targetOf(adminUrl()));
      expect(facts.serverVersion).toMatch(/^\d+/);
      expect(facts.freeConnections).toBeGreaterThan(10);
      expect(facts.freeConnections).toBeLessThan(200);
    } finally {
      await held.end();
      await query(adminUrl(), 'DROP ROLE limited');
    }
  });
});
