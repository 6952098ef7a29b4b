import { execFileSync } from 'node:child_process';
import { appendFile, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createDatabase } from '../../../src/postgres/create-database.ts';
import { withClient } from '../../../src/postgres/connect.ts';
import type { DatabaseTarget, TlsMode } from '../../../src/postgres/target.ts';
import { targetOf } from '../../support/database-target.ts';
import { findOnPath } from '../../support/find-on-path.ts';
import { needs } from '../../support/needs.ts';
import { adminUrl, startOwnServer, type OwnServer } from '../../support/postgres.ts';

describe('withClient', () => {
  it('ends a statement when the signal fires', async () => {
    const run = withClient(targetOf(adminUrl()), (session) => session.query('SELECT pg_sleep(86400)'), {
      signal: AbortSignal.timeout(300),
    });
    await expect(run).rejects.toMatchObject({ name: expect.stringMatching(/Abort|Timeout/) });
  });

  it('does not wait longer than it is told for a statement', async () => {
    const run = withClient(targetOf(adminUrl()), (session) => session.query('SELECT pg_sleep(86400)'), {
      queryMilliseconds: 200,
    });
    await expect(run).rejects.toThrow('did not answer a query in time');
  });

  const raise = (state: string): string => `DO $$ BEGIN RAISE 'no luck' USING ERRCODE = '${state}'; END $$`;
  it.each([
    ['another transaction holds the lock', raise('55P03'), 'DATABASE_ERROR', /another session holds a lock/],
    ['the disk is full', raise('53100'), 'DATABASE_ERROR', /its disk is full/],
    ['the server has no connection left', raise('53300'), 'DATABASE_FULL', /no free connection/],
    ['the transaction is read-only', 'BEGIN READ ONLY; CREATE TABLE a ()', 'DATABASE_ERROR', /it only reads/],
    ['the table does not exist', 'SELECT * FROM nothing_here', 'DATABASE_ERROR', /nothing_here.*SQLSTATE 42P01/],
    [
      'the statement is canceled',
      "SET statement_timeout = '1ms'; SELECT pg_sleep(60)",
      'DATABASE_ERROR',
      /statement_timeout/,
    ],
    ['the session is ended', 'SELECT pg_terminate_backend(pg_backend_pid())', 'DATABASE_STARTING', /being restarted/],
  ])('explains the answer to a query where %s', async (_title, sql, code, message) => {
    const run = withClient(targetOf(adminUrl()), (session) => session.query(sql));
    await expect(run).rejects.toMatchObject({
      name: 'DevsetupError',
      exitCode: 1,
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it('demands the session that target_session_attrs names', async () => {
    const connect = (sessionAttributes: string): Promise<unknown> =>
      withClient(targetOf(adminUrl(), { sessionAttributes }), () => Promise.resolve('in'));
    expect(await connect('read-write')).toBe('in');
    expect(await connect('primary')).toBe('in');
    await expect(connect('standby')).rejects.toMatchObject({
      code: 'DATABASE_CONNECTION_REFUSED',
      message: expect.stringContaining('target_session_attrs=standby demands another') as string,
    });
  });

  it('says who it is', async () => {
    const rows = await withClient(targetOf(adminUrl()), (session) =>
      session.query("SELECT current_setting('application_name') AS name"),
    );
    expect(rows).toEqual([{ name: 'devsetup' }]);
  });
});

describe('withClient and the rules of a server', () => {
  let server: OwnServer;
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'dvs-'));
    server = await startOwnServer({ unix_socket_directories: '' });
  });
  afterAll(async () => {
    await server.remove();
    await rm(directory, { recursive: true, force: true });
  });
  const allow = async (...lines: string[]): Promise<void> => {
    await server.stop();
    await writeFile(path.join(server.data, 'pg_hba.conf'), `${lines.join('\n')}\n`);
    await server.start();
  };

  it('names a missing role where the server tells', async () => {
    await allow('host all all 127.0.0.1/32 trust');
    const missing = withClient(targetOf(server.url, { user: 'ann' }), () => Promise.resolve());
    await expect(missing).rejects.toMatchObject({
      code: 'DATABASE_ROLE_MISSING',
      hint: expect.stringContaining('"ann"'),
    });
  });

  it('names the session that keeps a database from being created', async () => {
    await allow('host all all 127.0.0.1/32 trust');
    const browser = new Client({
      connectionString: server.url.replace(/\/[^/]*$/, '/template1'),
      application_name: 'database browser',
    });
    await browser.connect();
    try {
      await expect(createDatabase(targetOf(server.url, { database: 'new' }))).rejects.toMatchObject({
        code: 'DATABASE_ERROR',
        message: expect.stringMatching(/connected to template1.*database browser \(server process \d+\)/) as string,
      });
    } finally {
      await browser.end();
    }
  });

  it('says when the server lets nobody in from here', async () => {
    await allow('local all all trust');
    await expect(withClient(targetOf(server.url), () => Promise.resolve())).rejects.toMatchObject({
      code: 'DATABASE_ACCESS_DENIED',
      hint: expect.stringContaining('pg_hba.conf'),
    });
  });

  describe('with TLS', needs(findOnPath('openssl') !== undefined, 'openssl is not installed'), () => {
    let secure: OwnServer;
    let ca: string;
    const to = (mode: TlsMode, rootCertificate = '', over: Partial<DatabaseTarget> = {}): DatabaseTarget =>
      targetOf(secure.url, { ...over, tls: { mode, rootCertificate, certificate: '', key: '' } });
    const isEncrypted = async (target: DatabaseTarget): Promise<unknown> =>
      withClient(target, async (session) => {
        const [row] = await session.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
        return row?.['ssl'];
      });
    const hba = async (line: string): Promise<void> => {
      await secure.stop();
      await writeFile(path.join(secure.data, 'pg_hba.conf'), `${line}\n`);
      await secure.start();
    };

    beforeAll(async () => {
      ca = path.join(directory, 'server.crt');
      const key = path.join(directory, 'server.key');
      execFileSync(
        'openssl',
        [
          'req',
          '-new',
          '-x509',
          '-days',
          '3650',
          '-nodes',
          '-subj',
          '/CN=db.test',
          '-addext',
          'subjectAltName=DNS:db.test',
          '-out',
          ca,
          '-keyout',
          key,
        ],
        { stdio: 'ignore' },
      );
      secure = await startOwnServer();
      await secure.stop();
      const { uid, gid } = await stat(secure.data);
      for (const file of [ca, key]) {
        const copy = path.join(secure.data, path.basename(file));
        await writeFile(copy, await readFile(file), { mode: 0o600 });
        await chown(copy, uid, gid);
      }
      await appendFile(path.join(secure.data, 'postgresql.conf'), '\nssl = on\n');
      await secure.start();
    });
    afterAll(() => secure.remove());

    it.each([
      ['disable', false],
      ['allow', false],
      ['prefer', true],
      ['require', true],
    ] as const)('sslmode %s: encrypted is %s', async (mode, encrypted) => {
      expect(await isEncrypted(to(mode))).toBe(encrypted);
    });

    it('verifies the chain, and with verify-full the name', async () => {
      await expect(isEncrypted(to('verify-ca'))).rejects.toMatchObject({ code: 'DATABASE_CERTIFICATE_UNREADABLE' });
      await expect(isEncrypted(to('verify-full', 'system'))).rejects.toMatchObject({
        code: 'DATABASE_CERTIFICATE_REJECTED',
      });
      expect(await isEncrypted(to('verify-ca', ca))).toBe(true);
      expect(await isEncrypted(to('require', ca))).toBe(true);
      await expect(isEncrypted(to('verify-full', ca))).rejects.toMatchObject({
        code: 'DATABASE_CERTIFICATE_REJECTED',
        message: expect.stringContaining('another host name'),
      });
      await expect(isEncrypted(to('verify-full', path.join(directory, 'none.crt')))).rejects.toMatchObject({
        code: 'DATABASE_CERTIFICATE_UNREADABLE',
      });
    });

    it('verifies the name where its address is given with it (hostaddr)', async () => {
      expect(await isEncrypted(to('verify-full', ca, { serverName: 'db.test' }))).toBe(true);
      await expect(isEncrypted(to('verify-full', ca, { serverName: 'other.test' }))).rejects.toMatchObject({
        code: 'DATABASE_CERTIFICATE_REJECTED',
      });
    });

    it('binds the login to the channel where channel_binding=require, and sends no password where it cannot', async () => {
      const requiresChannelBinding = true;
      expect(await isEncrypted(to('prefer', '', { requiresChannelBinding }))).toBe(true);
      const refused = {
        code: 'DATABASE_TLS_REFUSED',
        message: expect.stringContaining('channel_binding=require') as string,
      };
      await expect(isEncrypted(targetOf(adminUrl(), { requiresChannelBinding }))).rejects.toMatchObject({
        code: 'DATABASE_TLS_REFUSED',
      });
      await hba('hostssl all all 127.0.0.1/32 password');
      await expect(isEncrypted(to('require', '', { requiresChannelBinding }))).rejects.toMatchObject(refused);
      await hba('hostssl all all 127.0.0.1/32 trust');
      await expect(isEncrypted(to('require', '', { requiresChannelBinding }))).rejects.toMatchObject(refused);
    });

    it('takes the other way where the server allows only that', async () => {
      await hba('hostnossl all all 127.0.0.1/32 scram-sha-256');
      expect(await isEncrypted(to('prefer'))).toBe(false);
      await hba('hostssl all all 127.0.0.1/32 scram-sha-256');
      expect(await isEncrypted(to('allow'))).toBe(true);
      await expect(isEncrypted(to('disable'))).rejects.toMatchObject({
        code: 'DATABASE_ACCESS_DENIED',
        hint: expect.stringContaining('sslmode=require'),
      });
    });
  });

  it('connects through a unix socket', async () => {
    const sockets = path.join(directory, 'sockets');
    await mkdir(sockets, { mode: 0o777 });
    execFileSync('chmod', ['0777', directory, sockets]);
    const own = await startOwnServer({ unix_socket_directories: sockets });
    try {
      const target = targetOf(own.url, { host: sockets });
      expect(await withClient(target, (session) => session.query('SELECT inet_server_addr() AS address'))).toEqual([
        { address: null },
      ]);
    } finally {
      await own.remove();
    }
  });
});
