import http from 'node:http';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AddressInfo } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { openSession } from '../../../src/postgres/connect.ts';
import { findFreePort } from '../../../src/postgres/free-port.ts';
import { waitForDatabase } from '../../../src/postgres/wait-for-database.ts';
import { targetOf } from '../../support/database-target.ts';
import { adminUrl, createDatabase, query, startOwnServer, type TestDatabase } from '../../support/postgres.ts';
import { startTcpServer } from '../../support/tcp-server.ts';
import { until } from '../../support/until.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('waitForDatabase with a server that is up', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());

  it('answers at once with the version', async () => {
    const reached = await waitForDatabase(targetOf(database.url));
    expect(reached.attempts).toBe(1);
    expect(reached.serverVersion).toMatch(/^\d+\.\d+$/);
  });

  it('stops at once on a wrong password and does not show it', async () => {
    const error: unknown = await waitForDatabase(targetOf(database.url, { password: 'Geheim' })).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: 'DATABASE_PASSWORD_REJECTED' });
    expect(String(error)).not.toContain('Geheim');
  });

  it('says that a password is needed where none is set', async () => {
    await expect(waitForDatabase(targetOf(database.url, { password: '' }))).rejects.toMatchObject({
      code: 'DATABASE_PASSWORD_MISSING',
    });
  });

  it('cannot tell a missing role from a wrong password, and says both', async () => {
    await expect(waitForDatabase(targetOf(database.url, { user: 'nobody_here' }))).rejects.toMatchObject({
      code: 'DATABASE_PASSWORD_REJECTED',
      message: expect.stringContaining('no such role'),
    });
  });

  it('stops at once on a missing database', async () => {
    await expect(waitForDatabase(targetOf(database.url, { database: 'not there' }))).rejects.toMatchObject({
      code: 'DATABASE_MISSING',
      hint: expect.stringMatching(/`createdb --host \S+ --port \d+ --username \S+ 'not there'`/),
    });
  });

  it('stops at once where TLS is demanded and not offered', async () => {
    const tls = { mode: 'require', rootCertificate: '', certificate: '', key: '' } as const;
    await expect(waitForDatabase(targetOf(database.url, { tls }))).rejects.toMatchObject({
      code: 'DATABASE_TLS_REFUSED',
    });
  });

  it('gets in with a password full of special characters', async () => {
    const password = `p@:/% ?#'"ü`;
    await query(adminUrl(), `CREATE ROLE "odd @:/ role" LOGIN PASSWORD 'p@:/% ?#''"ü'`);
    cleanups.push(() => query(adminUrl(), 'DROP ROLE "odd @:/ role"'));
    const { host, port, name } = database;
    const credentials = `${encodeURIComponent('odd @:/ role')}:${encodeURIComponent(password)}`;
    const reached = await waitForDatabase(targetOf(`postgres://${credentials}@${host}:${port}/${name}`));
    expect(reached.attempts).toBe(1);
  });

  it('waits while all connections are taken', async () => {
    const limited = await startOwnServer({
      max_connections: '4',
      superuser_reserved_connections: '0',
      max_wal_senders: '0',
    });
    cleanups.push(limited.remove);
    const target = targetOf(limited.url);
    const sessions = await Promise.all([1, 2, 3, 4].map(() => openSession(target)));
    const codes = new Set<string>();
    const reached = await waitForDatabase(target, {
      onAttempt: ({ problem }) => {
        codes.add(problem.code);
        for (const session of sessions.splice(0)) void session.end();
      },
    });
    expect([...codes]).toEqual(['DATABASE_FULL']);
    expect(reached.attempts).toBeGreaterThan(1);
  });
});

describe('waitForDatabase with a server that is not there', () => {
  it('waits until it is up, also over its starting', async () => {
    const server = await startOwnServer();
    cleanups.push(server.remove);
    await server.stop();
    let attempts = 0;
    const waiting = waitForDatabase(targetOf(server.url), {
      deadlineSeconds: 86_400,
      onAttempt: ({ number }) => (attempts = number),
    });
    await until('it has tried three times', () => attempts >= 3);
    await server.start();
    expect((await waiting).attempts).toBeGreaterThan(3);
  });

  it('knows a server that is starting up', async () => {
    // A standby that is not hot answers 57P03 to everybody.
    const server = await startOwnServer({ hot_standby: 'off' });
    cleanups.push(server.remove);
    await server.stop();
    await writeFile(path.join(server.data, 'standby.signal'), '');
    await server.start();
    const codes = new Set<string>();
    const waiting = waitForDatabase(targetOf(server.url), {
      deadlineSeconds: 1,
      onAttempt: ({ problem }) => codes.add(problem.code),
    });
    await expect(waiting).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining('starting up'),
    });
    expect([...codes]).toEqual(['DATABASE_STARTING']);
    // Who does not wait is told what it is like now.
    await expect(waitForDatabase(targetOf(server.url), { deadlineSeconds: 0 })).rejects.toMatchObject({
      code: 'DATABASE_STARTING',
      message: expect.stringMatching(/^The database does not answer: .* is starting up/),
    });
  });

  it('gives up after the deadline with the last answer and the hint for a compose name', async () => {
    const target = targetOf(`postgres://u:p@db.invalid:5432/app`);
    const services = [
      {
        name: 'db.invalid',
        isPostgres: true,
        publishedPorts: [{ host: 5433, container: 5432 }],
        up: 'docker compose -f local.yml up -d db.invalid',
      },
    ];
    await expect(waitForDatabase(target, { deadlineSeconds: 0.4, composeServices: services })).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining('cannot be resolved'),
      hint: expect.stringContaining('127.0.0.1:5433'),
    });
    // Outside of containers the name will never be known: it does not wait for the deadline.
    const outside = { deadlineSeconds: 100_000, composeServices: services, isOutsideCompose: true };
    await expect(waitForDatabase(target, outside)).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining('the name db.invalid belongs to the network of compose'),
      hint: expect.stringContaining('`docker compose -f local.yml up -d db.invalid`'),
      data: {},
    });
    await expect(waitForDatabase(target, { ...outside, mayOfferOwn: true })).rejects.toMatchObject({
      data: { offer: 'embedded' },
    });
  });

  it('obeys the signal', async () => {
    const port = await findFreePort();
    const waiting = waitForDatabase(targetOf(`postgres://u:p@127.0.0.1:${port}/app`), {
      signal: AbortSignal.timeout(200),
    });
    await expect(waiting).rejects.toMatchObject({ name: expect.stringMatching(/Abort|Timeout/) });
  });
});

describe('waitForDatabase with something else on the port', () => {
  const url = (port: number, query = ''): string => `postgres://u:Geheim@127.0.0.1:${port}/app${query}`;

  it.each(['', '?sslmode=disable', '?sslmode=require'])('names a web server%s', async (parameters) => {
    const server = http.createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => server.close());
    const target = targetOf(url((server.address() as AddressInfo).port, parameters));
    await expect(waitForDatabase(target)).rejects.toMatchObject({
      code: 'DATABASE_NOT_POSTGRES',
      message: expect.stringContaining('HTTP'),
    });
  });

  it.each(['', '?sslmode=disable'])('names a server that greets, like SSH%s', async (parameters) => {
    const server = await startTcpServer((socket) => socket.write('SSH-2.0-OpenSSH_9.2p1 Debian\r\n'));
    cleanups.push(server.close);
    await expect(waitForDatabase(targetOf(url(server.port, parameters)))).rejects.toMatchObject({
      code: 'DATABASE_NOT_POSTGRES',
      message: expect.stringContaining('SSH'),
    });
  });

  it('does not wait a minute for a server that stays silent', async () => {
    const server = await startTcpServer(() => {});
    cleanups.push(server.close);
    const waiting = waitForDatabase(targetOf(url(server.port)), { deadlineSeconds: 86_400 });
    await expect(waiting).rejects.toMatchObject({
      code: 'DATABASE_NOT_POSTGRES',
      message: expect.stringContaining('answers nothing'),
    });
  });

  it('waits behind a forwarded port that closes until there is a server', async () => {
    const closing = await startTcpServer((socket) => socket.destroy());
    cleanups.push(closing.close);
    await expect(waitForDatabase(targetOf(url(closing.port)), { deadlineSeconds: 0.5 })).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining('closes them at once'),
    });
  });
});
