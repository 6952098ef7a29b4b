import { randomBytes } from 'node:crypto';

import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { withMigrationLock } from '../../../src/postgres/advisory-lock.ts';
import { examineServer } from '../../../src/postgres/examine-server.ts';
import { targetOf } from '../../support/database-target.ts';
import { needsPgBouncer, startPgBouncer } from '../../support/pgbouncer.ts';
import { adminUrl, createDatabase, query, type TestDatabase } from '../../support/postgres.ts';
import { until } from '../../support/until.ts';

let database: TestDatabase;
const cleanups: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  await database.drop();
});

const sql = (text: string): Promise<readonly Record<string, unknown>[]> => query(database.url, text);

/** A role that owns nothing but the database, if that. */
const withRole = async (owner: boolean): Promise<{ name: string; url: string }> => {
  const name = `r_${randomBytes(6).toString('hex')}`;
  await query(adminUrl(), `CREATE ROLE ${name} LOGIN PASSWORD 'horse'`);
  if (owner) await query(adminUrl(), `ALTER DATABASE ${database.name} OWNER TO ${name}`);
  cleanups.push(async () => {
    await query(adminUrl(), `ALTER DATABASE ${database.name} OWNER TO CURRENT_USER`);
    await sql(`DROP OWNED BY ${name}`);
    await query(adminUrl(), `DROP ROLE ${name}`);
  });
  const url = new URL(database.url);
  url.username = name;
  url.password = 'horse';
  return { name, url: url.href };
};

const open = async (url: string, applicationName: string): Promise<Client> => {
  const client = new Client({ connectionString: url, application_name: applicationName });
  await client.connect();
  cleanups.push(() => client.end());
  return client;
};

it('tells a superuser what the server, the database and the role are', async () => {
  await sql('CREATE SCHEMA leaves');
  await sql('CREATE TABLE leaves.book (id serial PRIMARY KEY, title text)');
  const facts = await examineServer(targetOf(database.url));
  expect(facts).toMatchObject({
    serverVersion: expect.stringMatching(/^\d+\.\d+$/),
    encoding: 'UTF8',
    isSuperuser: true,
    canCreateSchema: true,
    currentSchema: 'public',
    lockHolder: null,
    pooler: null,
    transactions: [],
  });
  expect(facts.serverVersionNumber).toBeGreaterThan(120_000);
  expect(facts.freeConnections).toBeGreaterThan(0);
  expect(facts.freeConnections).toBeLessThan(facts.maxConnections);
  // The table, its key, its sequence, its TOAST table and that one's index.
  expect(facts.schemas?.find(({ name }) => name === 'leaves')).toEqual({
    name: 'leaves',
    canCreate: true,
    tables: 1,
    relations: 5,
    foreignOwner: null,
  });
  expect(facts.extensions?.installed).toEqual(['plpgsql']);
  expect(facts.extensions?.available).toContain('hstore');
  expect(facts.extensions?.trusted).toContain('hstore');
  expect(facts.extensions?.trusted).not.toContain('file_fdw');
  expect(facts.extensions?.isManaged).toBe(false);
});

describe('as a role without rights', () => {
  it('the owner of the database may create schemas, and sees that others are busy', async () => {
    const role = await withRole(true);
    const before = await examineServer(targetOf(role.url));
    expect(before).toMatchObject({ role: role.name, isSuperuser: false, canCreateSchema: true });
    await query(adminUrl(), `ALTER DATABASE ${database.name} CONNECTION LIMIT 20`);
    await Promise.all([1, 2, 3, 4].map(() => open(database.url, 'others')));
    const after = await examineServer(targetOf(role.url));
    expect(after.freeConnections).toBe(16);
    expect(after.schemas?.map(({ name }) => name)).toContain('public');
    expect(after.extensions?.trusted).toContain('hstore');
  });

  it('one that owns nothing is told what it lacks', async () => {
    await sql('CREATE SCHEMA branch');
    await sql('CREATE TABLE branch.django_migrations (id int)');
    await sql('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
    const { url } = await withRole(false);
    const facts = await examineServer(targetOf(url));
    expect(facts.canCreateSchema).toBe(false);
    expect(facts.schemas).toEqual([
      { name: 'branch', canCreate: false, tables: 1, relations: 1, foreignOwner: database.user },
      { name: 'public', canCreate: false, tables: 0, relations: 0, foreignOwner: null },
    ]);
  });

  it('what its catalogs keep from it is unknown, and the rest is known', async () => {
    for (const view of ['pg_available_extensions', 'pg_stat_activity'])
      await sql(`REVOKE SELECT ON pg_catalog.${view} FROM PUBLIC`);
    const { url } = await withRole(true);
    const facts = await examineServer(targetOf(url));
    expect(facts).toMatchObject({ extensions: null, transactions: null, freeConnections: null, canCreateSchema: true });
    expect(facts.schemas).not.toBeNull();
  });

  it('sees its own limit of connections', async () => {
    const role = await withRole(true);
    await query(adminUrl(), `ALTER ROLE ${role.name} CONNECTION LIMIT 6`);
    await open(role.url, 'mine');
    expect((await examineServer(targetOf(role.url))).freeConnections).toBe(5);
  });

  it('is held up by nobody', async () => {
    await sql('CREATE TABLE leaf (id int)');
    const blocker = await open(database.url, 'blocker');
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE leaf');
    // The catalogs' own rows are never locked for readers; this is as near as it gets.
    await blocker.query('LOCK TABLE pg_catalog.pg_extension IN ACCESS EXCLUSIVE MODE');
    const { url } = await withRole(true);
    const facts = await examineServer(targetOf(url));
    expect(facts.extensions).toBeNull();
    expect(facts.schemas).not.toBeNull();
    await blocker.query('ROLLBACK');
  });
});

it('finds who idles in a transaction and whom that holds up', async () => {
  await sql('CREATE TABLE leaf (id int)');
  const idler = await open(database.url, 'forgotten shell');
  await idler.query('BEGIN');
  await idler.query('LOCK TABLE leaf');
  const waiter = await open(database.url, 'patient');
  const waiting = waiter.query('SELECT * FROM leaf');
  const isLong = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'patient'
    AND wait_event_type = 'Lock' AND xact_start < clock_timestamp() - interval '5 seconds'`;
  await until('the other has waited for 5 s', async () => (await sql(isLong)).length > 0);
  const { transactions } = await examineServer(targetOf(database.url));
  await idler.query('ROLLBACK');
  await waiting;
  expect(transactions).toEqual([
    expect.objectContaining({
      applicationName: 'forgotten shell',
      state: 'idle in transaction',
      blocks: 1,
      waits: false,
      role: database.user,
    }),
    expect.objectContaining({ applicationName: 'patient', state: 'active', blocks: 0, waits: true }),
  ]);
});

it('names the run that holds the migration lock', async () => {
  const target = targetOf(database.url);
  const facts = await withMigrationLock(target, { timeoutSeconds: 0, version: '1.2.3' }, () => examineServer(target));
  expect(facts.lockHolder?.applicationName).toMatch(/^devsetup 1\.2\.3 pid /);
});

it('fails as a connection does', async () => {
  await expect(examineServer(targetOf(database.url, { password: 'wrong' }))).rejects.toMatchObject({
    code: 'DATABASE_PASSWORD_REJECTED',
  });
});

describe('behind PgBouncer', needsPgBouncer, () => {
  it.each([
    ['session', null],
    ['transaction', expect.stringMatching(/server process/)],
    ['statement', expect.stringMatching(/server process/)],
  ] as const)('in mode %s everything is known, and it leaves nothing behind', async (mode, found) => {
    const pooler = await startPgBouncer(database.url, mode, mode === 'session' ? {} : { default_pool_size: '1' });
    cleanups.push(pooler.stop);
    const facts = await examineServer(targetOf(pooler.url));
    expect(facts.pooler).toEqual(found);
    expect(facts.schemas?.map(({ name }) => name)).toEqual(['public']);
    expect(facts.extensions).not.toBeNull();
    expect(await query(pooler.url, 'SHOW statement_timeout')).toEqual([{ statement_timeout: '0' }]);
  });
});
