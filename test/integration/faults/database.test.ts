import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { beforeAll, describe, expect, it } from 'vitest';

import { needsPostgresClient } from '../../support/needs.ts';
import { adminUrl, createDatabase, query, startOwnServer, type TestDatabase } from '../../support/postgres.ts';
import { runDevsetup, startDevsetup } from '../../support/run-devsetup.ts';
import {
  appendSettings,
  createSampleProject,
  writeProjectFile,
  type SampleProject,
} from '../../support/sample-project.ts';
import { startTcpServer } from '../../support/tcp-server.ts';
import { configure } from '../../support/variations.ts';
import { DJANGO_52, ensureVenv, type Venv } from '../../support/venv.ts';
import { cleanUpAfterEach, failureOf, stepOf } from './support/faults.ts';

let python: Venv;
beforeAll(async () => {
  python = await ensureVenv(DJANGO_52);
});
const keep = cleanUpAfterEach();
const unique = (): string => `t_${Math.random().toString(36).slice(2, 12)}`;

/** The shared server's URL with other parts. */
const urlWith = (parts: { user?: string; password?: string; database?: string; port?: number }): string => {
  const url = new URL(adminUrl());
  if (parts.user !== undefined) url.username = encodeURIComponent(parts.user);
  if (parts.password !== undefined) url.password = encodeURIComponent(parts.password);
  if (parts.database !== undefined) url.pathname = `/${parts.database}`;
  if (parts.port !== undefined) url.port = String(parts.port);
  return url.href;
};

const isThere = async (database: string): Promise<boolean> =>
  (await query(adminUrl(), 'SELECT 1 FROM pg_database WHERE datname = $1', [database])).length > 0;

describe('a database that is not up yet', () => {
  it('devsetup waits for it and reports the wait', async () => {
    const server = keep(await startOwnServer());
    await server.stop();
    const project = keep(await createSampleProject({ variations: [patient] }));
    const url = new URL(server.url);
    url.pathname = '/late';
    const run = startDevsetup(['--ui', 'plain', '--only', 'database'], {
      cwd: project.root,
      env: { DATABASE_URL: url.href },
      python,
    });
    await run.waitForOutput('nothing listens at');
    await server.start();
    const ended = await run.ended;
    expect(ended).toMatchObject({ exitCode: 0 });
    expect(ended.stdout).toContain('created database');
  });

  it('ends after the configured time, saying that nothing listens and what to start', async () => {
    const { port, close } = await startTcpServer(() => undefined);
    await close();
    const project = keep(await createSampleProject({ variations: [configure({ database: { waitSeconds: 1 } })] }));
    const run = await runDevsetup(['--json'], { cwd: project.root, env: { DATABASE_URL: urlWith({ port }) }, python });
    expect(run.exitCode).toBe(1);
    const { code, message, hint } = failureOf(run, 'database');
    expect(code).toBe('DATABASE_UNREACHABLE');
    expect(message).toMatch(/^Nothing listens at /);
    expect(hint).toMatch(/Start PostgreSQL/);
    expect(stepOf(run, 'shared-migrations')).toMatchObject({
      status: 'not-attempted',
      message: expect.stringContaining('database') as string,
    });
  });
});

/** A run that waits does not end before this. */
const patient = configure({ database: { waitSeconds: 86_400 } });

describe('what waiting cannot heal', () => {
  const PASSWORD = { DB_PASSWORD: 'wrong-horse' };
  const discrete = (database: TestDatabase) => ({
    DB_HOST: database.host,
    DB_PORT: String(database.port),
    DB_USER: database.user,
    DB_NAME: database.name,
  });
  /** A compose file whose service is this server. */
  const service = (database: TestDatabase) =>
    `services:\n  db:\n    image: postgres:17\n    ports: ["${database.port}:5432"]\n`;
  it.each<[string, (project: SampleProject, database: TestDatabase) => Promise<Record<string, string>>, RegExp]>([
    [
      'DATABASE_URL of the environment',
      async (_, database) => ({ DATABASE_URL: urlWith({ password: 'wrong-horse', database: database.name }) }),
      /^The password comes from DATABASE_URL in the environment: correct it there, or the user in DATABASES\. If they are right, the server has another password\. Change/,
    ],
    [
      'an env file, and a compose service',
      async (project, database) => {
        await writeProjectFile(project, '.env', '# Local.\nDB_PASSWORD=wrong-horse\n');
        await writeProjectFile(project, 'compose.yaml', service(database));
        return discrete(database);
      },
      /^The password comes from DB_PASSWORD in \.env:2: .*: the volume of the compose service db keeps the one it was first started with/,
    ],
    [
      'the settings',
      async (project, database) => {
        await appendSettings(project, 'DATABASES["default"]["PASSWORD"] = "wrong-horse"');
        return discrete(database);
      },
      /^The password comes from backend\/config\/settings\.py:\d+: correct it there/,
    ],
    [
      'the dev container',
      async (project, database) => {
        await writeProjectFile(project, '.devcontainer/devcontainer.json', JSON.stringify({ containerEnv: PASSWORD }));
        return { ...discrete(database), ...PASSWORD };
      },
      /^The password comes from DB_PASSWORD, which \.devcontainer\/devcontainer\.json:1 \(containerEnv\) sets: /,
    ],
  ])('a wrong password ends it at once, and is traced to %s', async (_, prepare, advice) => {
    const database = keep(await createDatabase());
    const project = keep(await createSampleProject({ variations: [patient] }));
    const env = await prepare(project, database);
    const run = await runDevsetup(['--json'], { cwd: project.root, env, python });
    expect(run.exitCode).toBe(1);
    const { code, message, hint } = failureOf(run, 'database');
    expect(code).toBe('DATABASE_PASSWORD_REJECTED');
    expect(message).toContain(database.user);
    expect(hint).toMatch(advice);
    expect(run.stdout + run.stderr).not.toContain('wrong-horse');
  });

  it('a role that does not exist', async () => {
    const project = keep(await createSampleProject());
    const env = { DATABASE_URL: urlWith({ user: 'nobody_here', password: 'any-horse', database: 'postgres' }) };
    const run = await runDevsetup(['--json'], { cwd: project.root, env, python });
    expect(run.exitCode).toBe(1);
    const { code, message } = failureOf(run, 'database');
    // With password authentication the server does not tell the two apart; devsetup names both.
    expect(code).toMatch(/^DATABASE_(PASSWORD_REJECTED|ROLE_MISSING)$/);
    expect(message).toMatch(/no (such )?role/);
    expect(message).toContain('nobody_here');
  });

  it.each([
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['something unknown', 'hello\r\n'],
  ])('the port is held by %s', async (_, greeting) => {
    const server = await startTcpServer((socket) => socket.end(greeting));
    try {
      const project = keep(await createSampleProject({ variations: [patient] }));
      const env = { DATABASE_URL: urlWith({ port: server.port }) };
      const run = await runDevsetup(['--json'], { cwd: project.root, env, python });
      expect(run.exitCode).toBe(1);
      const { code, message, hint } = failureOf(run, 'database');
      expect(code).toBe('DATABASE_NOT_POSTGRES');
      expect(message).toContain(`127.0.0.1:${server.port}`);
      expect(hint).toMatch(/port/);
    } finally {
      await server.close();
    }
  });
});

describe('a database that does not exist', () => {
  it('is created in development on this machine', async () => {
    const name = unique();
    const project = keep(await createSampleProject());
    const env = { DATABASE_URL: urlWith({ database: name }) };
    keep({ drop: () => query(adminUrl(), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).then(() => undefined) });
    const dry = await runDevsetup(['--json', '--dry-run', '--only', 'database'], { cwd: project.root, env, python });
    expect(stepOf(dry, 'database').status).toBe('would-change');
    expect(await isThere(name)).toBe(false);

    const run = await runDevsetup(['--json', '--only', 'database'], { cwd: project.root, env, python });
    expect(run.exitCode).toBe(0);
    expect(stepOf(run, 'database').status).toBe('changed');
    expect(await isThere(name)).toBe(true);
  });

  it('is not created when DEBUG is off, and the hint says what would create it', needsPostgresClient, async () => {
    const name = `${unique()} x`;
    const project = keep(await createSampleProject());
    const env = { DATABASE_URL: urlWith({ database: name }), DJANGO_DEBUG: '0' };
    const run = await runDevsetup(['--json'], { cwd: project.root, env, python });
    expect(run.exitCode).toBe(1);
    const { code, message, hint } = failureOf(run, 'database');
    expect(code).toBe('DATABASE_MISSING');
    expect(message).toMatch(/DEBUG is off/);
    expect(hint).toContain('"create": true');
    expect(await isThere(name)).toBe(false);

    const { hostname, port, username, password } = new URL(adminUrl());
    const [, command = ''] = /`(createdb .*)`/.exec(hint) ?? [];
    expect(command).toBe(`createdb --host ${hostname} --port ${port} --username ${username} '${name}'`);
    const typed = { PATH: process.env['PATH'], HOME: project.root, PGPASSWORD: decodeURIComponent(password) };
    await promisify(execFile)('sh', ['-c', command], { env: typed });
    expect(await isThere(name)).toBe(true);
    await query(adminUrl(), `DROP DATABASE "${name}"`);

    await configure({ database: { create: true } })(project);
    keep({ drop: () => query(adminUrl(), `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`).then(() => undefined) });
    const again = await runDevsetup(['--json', '--only', 'database'], { cwd: project.root, env, python });
    expect(again.exitCode).toBe(0);
    expect(await isThere(name)).toBe(true);
  });
});

describe('a password full of special characters', () => {
  it.each(['DATABASE_URL', 'discrete variables'])('works by %s', async (way) => {
    const password = 'p@s:s/w %ord#1?&=$x';
    const role = unique();
    await query(adminUrl(), `CREATE ROLE ${role} LOGIN CREATEDB PASSWORD '${password}'`);
    const database = await createDatabase();
    await query(adminUrl(), `ALTER DATABASE ${database.name} OWNER TO ${role}`);
    keep({ drop: () => query(adminUrl(), `DROP ROLE ${role}`).then(() => undefined) });
    keep(database);
    const project = keep(await createSampleProject());
    const env =
      way === 'DATABASE_URL'
        ? { DATABASE_URL: urlWith({ user: role, password, database: database.name }) }
        : {
            DB_HOST: database.host,
            DB_PORT: String(database.port),
            DB_USER: role,
            DB_NAME: database.name,
            DB_PASSWORD: password,
          };
    const run = await runDevsetup(['--json', '--verbose', '--skip', 'tenant-migrations,guest-tenant'], {
      cwd: project.root,
      env,
      python,
    });
    expect(run).toMatchObject({ exitCode: 0 });
    expect(stepOf(run, 'shared-migrations').status).toBe('changed');
    for (const form of [password, encodeURIComponent(password)]) {
      expect(run.stdout + run.stderr).not.toContain(form);
    }
  });
});
