import { describe, expect, it } from 'vitest';

import { judgeEncoding } from '../../../../src/checks/database/database-encoding.ts';
import { connectionFinding } from '../../../../src/checks/database/database-connection.ts';
import { judgePooler } from '../../../../src/checks/database/database-pooler.ts';
import { judgeConnections } from '../../../../src/checks/database/free-connections.ts';
import { judgeLockHolder } from '../../../../src/checks/database/migration-lock.ts';
import { judgeLocks } from '../../../../src/checks/database/lock-table.ts';
import { judgeServerVersion } from '../../../../src/checks/database/server-version.ts';
import { judgeTransactions } from '../../../../src/checks/database/open-transactions.ts';
import { DevsetupError } from '../../../../src/core/errors.ts';
import { targetOf } from '../../../support/database-target.ts';

describe('connectionFinding', () => {
  const error = (code: string): DevsetupError => new DevsetupError({ code, message: 'It is so.', hint: 'Do this.' });

  it('has the code of the error', () => {
    expect(connectionFinding(error('DATABASE_PASSWORD_REJECTED'), 'DB_URL')).toEqual({
      code: 'database-password-rejected',
      message: 'It is so.',
      evidence: ['DB_URL names it'],
      remedy: { text: 'Do this.', command: null },
    });
  });

  it('only warns of a database that a run may create', () => {
    expect(connectionFinding(error('DATABASE_MISSING'), 'DB_URL')).toMatchObject({ severity: 'warning' });
  });

  it('knows nothing of other errors', () => {
    expect(connectionFinding(error('CANCELLED'), 'DB_URL')).toBeUndefined();
  });
});

describe('judgePooler', () => {
  const target = targetOf('postgres://u:p@db:6543/app');

  it('has nothing to say where there is none', () => expect(judgePooler(null, target, true)).toEqual([]));

  it('is an error for what migrates, and a warning for an application', () => {
    expect(judgePooler('two sessions share', target, true)).toMatchObject([
      {
        severity: 'error',
        message: expect.stringContaining('two sessions share'),
        remedy: { text: expect.stringContaining('5432') },
      },
    ]);
    expect(judgePooler('two sessions share', target, false)).toMatchObject([{ severity: 'warning' }]);
  });
});

describe('judgeServerVersion', () => {
  const facts = { version: '13.4', number: 130_004, minimum: [14], django: '5.2', service: null };

  it('names both versions', () => {
    expect(judgeServerVersion(facts)).toMatchObject([
      {
        code: 'server-version-unsupported',
        message: 'Django 5.2 needs PostgreSQL 14 or later, and the server is 13.4.',
      },
    ]);
  });

  it.each([
    [[13], 130_004],
    [[13, 4], 130_004],
    [[14], 140_000],
    [[12], 180_001],
  ])('%j is met by %i', (minimum, number) => expect(judgeServerVersion({ ...facts, minimum, number })).toEqual([]));
});

it('advice names compose only where the server is a service of it', () => {
  const version = { version: '13.4', number: 130_004, minimum: [14], django: '5.2' };
  const locks = { maxLocksPerTransaction: 64, maxConnections: 100, maxPreparedTransactions: 0 };
  const schemas = [{ name: 'a', tables: 9000, relations: 9000 }];
  const advice = (service: string | null): string =>
    [...judgeServerVersion({ ...version, service }), ...judgeLocks({ ...locks, schemas, service })]
      .map(({ remedy }) => remedy.text)
      .join('\n');
  expect(advice(null)).not.toContain('compose');
  expect(advice('db').match(/the compose service db/g)).toHaveLength(2);
});

describe('judgeEncoding', () => {
  it('knows UTF8 only', () => {
    expect(judgeEncoding('UTF8', 'localhost:5432/app')).toEqual([]);
    expect(judgeEncoding('SQL_ASCII', 'localhost:5432/app')).toMatchObject([{ code: 'database-encoding' }]);
  });
});

describe('judgeConnections', () => {
  it.each([
    [5, 1, 0],
    [4, 1, 1],
    [19, 16, 1],
    [20, 16, 0],
    [0, 1, 1],
  ])('%i free for %i workers: %i findings', (free, workers, count) =>
    expect(judgeConnections({ free, workers, maxConnections: 100 })).toHaveLength(count),
  );
});

describe('judgeLocks', () => {
  const facts = { maxLocksPerTransaction: 64, maxConnections: 100, maxPreparedTransactions: 0, service: null };
  const tenants = (count: number, tables: number, relations = tables * 4) =>
    Array.from({ length: count }, (_, index) => ({ name: `t${index}`, tables, relations }));

  it('a backup of a hundred tenants with sixty tables fits into the default', () =>
    expect(judgeLocks({ ...facts, schemas: tenants(100, 60) })).toEqual([]));

  it('one of a hundred and fifty does not', () => {
    const [problem] = judgeLocks({ ...facts, schemas: tenants(150, 60) });
    expect(problem).toMatchObject({
      code: 'locks-low',
      message: 'The server has room for 6400 locks, and a backup of this database takes 9000.',
      remedy: { text: expect.stringContaining('max_locks_per_transaction = 192') },
    });
    expect(problem?.evidence?.at(-1)).toContain('64 × (max_connections 100 + max_prepared_transactions 0) = 6400');
  });

  it('nor does dropping a schema with more relations than that', () =>
    expect(judgeLocks({ ...facts, schemas: tenants(1, 1000, 7000) })).toMatchObject([
      { message: expect.stringContaining('dropping'), evidence: [expect.stringContaining('t0'), expect.anything()] },
    ]));

  it('an empty database needs none', () => expect(judgeLocks({ ...facts, schemas: [] })).toEqual([]));
});

describe('judgeTransactions', () => {
  const open = {
    pid: 7,
    applicationName: 'psql',
    role: 'anna',
    state: 'idle in transaction',
    seconds: 900,
    secondsInState: 600,
    blocks: 0,
    waits: false,
  };

  it.each([
    ['idle for ten minutes', {}, ['transaction-left-open']],
    ['idle for a minute', { secondsInState: 60 }, []],
    ['idle for ten seconds, and somebody waits', { secondsInState: 10, blocks: 1 }, ['transaction-blocks']],
    ['idle for a moment, and somebody waits', { secondsInState: 2, blocks: 1 }, []],
    ['failed and left', { state: 'idle in transaction (aborted)' }, ['transaction-left-open']],
    ['a long query', { state: 'active' }, []],
    ['a long query others wait for', { state: 'active', blocks: 2 }, ['transaction-blocks']],
    ['a short one others wait for', { state: 'active', blocks: 2, secondsInState: 30 }, []],
    ['who waits itself', { state: 'active', blocks: 2, waits: true }, []],
  ])('%s', (_, facts, codes) =>
    expect(judgeTransactions([{ ...open, ...facts }]).map(({ code }) => code)).toEqual(codes),
  );

  it('names the session and how to end it', () => {
    expect(judgeTransactions([{ ...open, blocks: 2 }])).toMatchObject([
      {
        message:
          'The session "psql" of anna (server process 7) holds up 2 other sessions: it has been idle in transaction for 10 min.',
        remedy: { text: expect.stringContaining('SELECT pg_terminate_backend(7);') },
      },
    ]);
  });
});

describe('judgeLockHolder', () => {
  it('says who and since when', () => {
    expect(judgeLockHolder(null)).toEqual([]);
    const since = new Date(Date.UTC(2026, 0, 31, 12));
    const holder = { pid: 4711, applicationName: 'devsetup 0.1.0 pid 7 on laptop', clientAddress: null, since };
    expect(judgeLockHolder(holder)).toMatchObject([{ message: expect.stringContaining('since 2026-01-31 12:00:00') }]);
  });
});
