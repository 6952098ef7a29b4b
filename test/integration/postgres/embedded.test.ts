import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterEach, describe, expect, it, onTestFinished } from 'vitest';

import { bundleModule } from '../../../scripts/bundle.mjs';
import { startEmbedded } from '../../../src/postgres/embedded.ts';
import { findServerUser } from '../../../src/postgres/embedded-user.ts';
import { needsRoot } from '../../support/needs.ts';
import { createDatabase, query, startOwnServer } from '../../support/postgres.ts';

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
/** For tests that need a process of their own, to kill it. */
const compiled = async (module: string): Promise<string> => {
  const { directory, url } = await bundleModule(module);
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return url;
};
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const temporary = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'devsetup-embedded-'));

describe('startEmbedded', () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  const program = fileURLToPath(new URL('../../support/hold-embedded.mjs', import.meta.url));
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  it('starts a server that answers, and removes a server that is not persistent', async () => {
    const directory = await temporary();
    const server = await startEmbedded({ directory, persistent: false });
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    expect(await exists(directory)).toBe(false);
  });

  it('keeps data, port and password of a persistent server', async () => {
    const server = await startOwnServer();
    cleanups.push(server.remove);
    await query(server.url, 'CREATE TABLE kept (id int)');
    await server.stop();
    await expect(query(server.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.start();
    expect(await query(server.url, 'SELECT * FROM kept')).toEqual([]);
  });

  it('starts again where another program of its user has the number of the server that was killed', async () => {
    const server = await startOwnServer();
    cleanups.push(server.remove);
    await server.stop();
    const other = spawn('sleep', ['infinity'], { ...(await findServerUser()), cwd: '/' });
    cleanups.push(async () => other.kill());
    await writeFile(path.join(server.data, 'postmaster.pid'), `${other.pid}\n${server.data}\n`);
    await server.start();
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('offers TLS with a certificate of its own, also on data that was made without', async () => {
    const server = await startOwnServer();
    cleanups.push(server.remove);
    await server.stop();
    const files = ['server.crt', 'server.key'].map((name) => path.join(server.data, name));
    for (const file of files) await rm(file);
    await server.start();
    for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600);
    const url = `${server.url}?sslmode=verify-full&sslrootcert=${encodeURIComponent(files[0] ?? '')}`;
    expect(await query(url, 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).toEqual([{ ssl: true }]);
  });

  it('starts again at once after its process was killed', async () => {
    const directory = await temporary();
    cleanups.push(() => rm(directory, { recursive: true, force: true }));
    const holder = spawn(process.execPath, [program, await compiled('postgres/embedded.ts'), directory, 'persistent'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    holder.kill('SIGKILL');
    const server = await startEmbedded({ directory, persistent: true });
    cleanups.push(server.stop);
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('works in a folder whose parents only the current user may enter', async () => {
    const parent = await temporary();
    cleanups.push(() => rm(parent, { recursive: true, force: true }));
    await chmod(parent, 0o700);
    await mkdir(path.join(parent, 'project'), { mode: 0o700 });
    const directory = path.join(parent, 'project', 'database');
    const server = await startEmbedded({ directory, persistent: true });
    cleanups.push(async () => {
      await server.stop();
      await rm(server.data, { recursive: true, force: true });
    });
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    // Where the system removes nothing by age.
    expect(path.dirname(server.data)).toBe(process.getuid?.() === 0 ? '/var/lib/devsetup' : directory);
  });

  it('ends with the process that started it, even when that is killed', async () => {
    const directory = await temporary();
    cleanups.push(() => rm(directory, { recursive: true, force: true }));
    const holder = spawn(process.execPath, [program, await compiled('postgres/embedded.ts'), directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(holder.stdout.setEncoding('utf8'), 'data')) as [string];
    const pid = Number(line);
    expect(isAlive(pid)).toBe(true);
    holder.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 600_000 }).toBe(false);
  });

  it('says what the server said when it cannot start', async () => {
    const directory = await temporary();
    cleanups.push(() => rm(directory, { recursive: true, force: true }));
    const start = startEmbedded({ directory, persistent: false, settings: { max_connections: 'many' } });
    await expect(start).rejects.toMatchObject({
      code: 'EMBEDDED_POSTGRES_FAILED',
      output: [expect.stringContaining('max_connections')],
    });
  });

  it('works for an ordinary user as well', needsRoot, async () => {
    const directory = await temporary();
    cleanups.push(() => rm(directory, { recursive: true, force: true }));
    await chmod(directory, 0o777);
    const run = promisify(execFile)(
      process.execPath,
      [program, await compiled('postgres/embedded.ts'), path.join(directory, 'own'), 'once'],
      {
        uid: 65_534,
        gid: 65_534,
      },
    );
    expect(Number((await run).stdout)).toBeGreaterThan(0);
  });
});

describe('createDatabase', () => {
  it('gives an empty database that can be dropped while sessions are open', async () => {
    const database = await createDatabase();
    expect(await query(database.url, 'SELECT current_database() AS name')).toEqual([{ name: database.name }]);
    await database.drop();
    await expect(query(database.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });
});
