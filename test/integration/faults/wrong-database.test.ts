import { existsSync } from 'node:fs';

import { beforeAll, describe, expect, it } from 'vitest';

import { adminUrl, createDatabase, query } from '../../support/postgres.ts';
import { runDevsetup } from '../../support/run-devsetup.ts';
import { appendSettings, createSampleProject, writeProjectFile } from '../../support/sample-project.ts';
import { sampleOf } from '../../support/thoroughness.ts';
import { startTcpServer } from '../../support/tcp-server.ts';
import { configure, plainDjango } from '../../support/variations.ts';
import { DJANGO_52, ensureVenv, type Venv } from '../../support/venv.ts';
import { cleanUpAfterEach, failureOf, stepOf } from './support/faults.ts';

let python: Venv;
beforeAll(async () => {
  python = await ensureVenv(DJANGO_52);
});
const keep = cleanUpAfterEach();

/** TEST-NET-1 (RFC 5737): an address nobody has. */
const REMOTE = '192.0.2.7';
const REMOTE_URL = `postgresql://app:far-away-horse@${REMOTE}:5432/live`;

const tablesOf = async (url: string): Promise<number> =>
  (
    await query(
      url,
      `SELECT 1 FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')`,
    )
  ).length;

describe('a database on another host', () => {
  it.each(['the process', 'a committed .env'])('is refused without a connection, named by %s', async (by) => {
    // An attempt to connect would not end before this.
    const project = keep(await createSampleProject({ variations: [configure({ database: { waitSeconds: 86_400 } })] }));
    const env = by === 'the process' ? { DATABASE_URL: REMOTE_URL } : {};
    if (by !== 'the process') await writeProjectFile(project, '.env', `DATABASE_URL=${REMOTE_URL}\n`);
    const run = await runDevsetup(['--json'], { cwd: project.root, env, python });
    expect(run.exitCode).toBe(1);
    const { code, message, hint } = failureOf(run, 'database');
    expect(code).toBe('DATABASE_REMOTE');
    expect(message).toContain(REMOTE);
    expect(hint).toContain('--allow-remote');
    expect(hint).toContain(`"allowRemote": ["${REMOTE}"]`);
    expect(run.stdout + run.stderr).not.toContain('far-away-horse');
    expect(stepOf(run, 'shared-migrations').status).toBe('not-attempted');
  });

  it('is refused, too, where only the settings know it', async () => {
    const project = keep(await createSampleProject());
    const env = { DB_HOST: 'db.example.com', DB_PASSWORD: 'far-away-horse' };
    const run = await runDevsetup(['--json'], { cwd: project.root, env, python });
    expect(run.exitCode).toBe(1);
    expect(failureOf(run, 'database')).toMatchObject({ code: 'DATABASE_REMOTE' });
    expect(failureOf(run, 'database').message).toContain('db.example.com');
  });

  it.each(
    sampleOf(
      [
        ['hostaddr in OPTIONS', `{"hostaddr": "${REMOTE}"}`, {}],
        ['a service in OPTIONS', '{"service": "live"}', { PGSERVICEFILE: 'services.conf' }],
        ['PGSERVICE', '{}', { PGSERVICEFILE: 'services.conf', PGSERVICE: 'live' }],
        ['PGHOSTADDR', '{}', { PGHOSTADDR: REMOTE }],
      ] as const,
      2,
    ),
  )(
    'is refused where %s leads there, although HOST is this machine',
    async (_, options, variables: Readonly<Record<string, string>>) => {
      const project = keep(
        await createSampleProject({ variations: [configure({ database: { waitSeconds: 86_400 } })] }),
      );
      await writeProjectFile(project, 'backend/services.conf', `[live]\nhostaddr=${REMOTE}\npassword=far-away-horse\n`);
      await appendSettings(project, `DATABASES["default"].update(HOST="localhost", OPTIONS=${options})`);
      const run = await runDevsetup(['--json'], { cwd: project.root, env: variables, python });
      expect(failureOf(run, 'database')).toMatchObject({ code: 'DATABASE_REMOTE' });
      expect(failureOf(run, 'database').message).toContain(REMOTE);
      expect(run.stdout + run.stderr).not.toContain('far-away-horse');
    },
  );

  it.each([
    ['--allow-remote', ['--allow-remote'], {}],
    ['the configuration', [], { allowRemote: [REMOTE] }],
  ] as const)('is tried when %s allows it', async (_, args, database) => {
    const project = keep(
      await createSampleProject({ variations: [configure({ database: { ...database, waitSeconds: 0 } })] }),
    );
    const env = { DATABASE_URL: REMOTE_URL };
    const run = await runDevsetup(['--json', ...args], { cwd: project.root, env, python });
    expect(run.exitCode).toBe(1);
    expect(failureOf(run, 'database').code).not.toBe('DATABASE_REMOTE');
  });

  it('is not allowed by a configuration that names another one', async () => {
    const variations = [configure({ database: { allowRemote: ['db.example.com'] } })];
    const project = keep(await createSampleProject({ variations }));
    const run = await runDevsetup(['--json'], { cwd: project.root, env: { DATABASE_URL: REMOTE_URL }, python });
    expect(failureOf(run, 'database').code).toBe('DATABASE_REMOTE');
  });
});

it('a host name that only compose knows is answered with the published port', async () => {
  const project = keep(await createSampleProject({ variations: [configure({ database: { waitSeconds: 1 } })] }));
  await writeProjectFile(
    project,
    'docker-compose.yml',
    'services:\n  postgres-db:\n    image: postgres:17\n    ports:\n      - "15432:5432"\n',
  );
  const env = { DB_HOST: 'postgres-db', DB_PASSWORD: 'any-horse' };
  const run = await runDevsetup(['--json'], { cwd: project.root, env, python });
  expect(run.exitCode).toBe(1);
  const { code, message, hint } = failureOf(run, 'database');
  expect(code).toBe('DATABASE_UNREACHABLE');
  expect(message).toContain('postgres-db');
  expect(hint).toContain('15432');
  expect(hint).toMatch(/localhost|127\.0\.0\.1/);
});

describe('what Django says counts', () => {
  it('its database is set up, and the one of DATABASE_URL is left alone', async () => {
    const [named, real] = [keep(await createDatabase()), keep(await createDatabase())];
    const project = keep(await createSampleProject());
    await appendSettings(project, `DATABASES["default"]["NAME"] = "${real.name}"`);
    const env = { DATABASE_URL: named.url };
    const run = await runDevsetup(['--json', '--skip', 'tenant-migrations,guest-tenant'], {
      cwd: project.root,
      env,
      python,
    });
    expect(run.exitCode).toBe(0);
    expect(stepOf(run, 'database').message).toContain(real.name);
    expect(await tablesOf(real.url)).toBeGreaterThan(0);
    expect(await tablesOf(named.url)).toBe(0);
  });

  it.each([
    ['nobody answers', 'gone'],
    ['on another host', REMOTE_URL],
  ])('a DATABASE_URL that Django does not use does no harm (%s)', async (_, url) => {
    const closed = await startTcpServer(() => undefined);
    await closed.close();
    const real = keep(await createDatabase());
    const variations = [configure({ database: { waitSeconds: 3 } })];
    const project = keep(await createSampleProject({ variations }));
    const settings = {
      HOST: real.host,
      PORT: String(real.port),
      NAME: real.name,
      USER: real.user,
      PASSWORD: real.password,
    };
    await appendSettings(project, `DATABASES["default"].update(${JSON.stringify(settings)})`);
    const env = { DATABASE_URL: url === 'gone' ? `postgresql://a:b@127.0.0.1:${closed.port}/other` : url };
    const run = await runDevsetup(['--json', '--only', 'database'], { cwd: project.root, env, python });
    expect(run).toMatchObject({ exitCode: 0 });
    expect(stepOf(run, 'database').message).toContain(real.name);
  });

  it('SQLite has nothing to wait for, whatever DATABASE_URL says', async () => {
    const project = keep(await createSampleProject({ variations: [plainDjango] }));
    await appendSettings(
      project,
      'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}',
    );
    for (const env of [{}, { DATABASE_URL: REMOTE_URL }]) {
      const run = await runDevsetup(['--json'], { cwd: project.root, env, python });
      expect(run).toMatchObject({ exitCode: 0 });
      expect(stepOf(run, 'database').message).toMatch(/SQLite/);
      expect(stepOf(run, 'tenant-migrations').status).toBe('not-applicable');
    }
    expect(existsSync(`${project.backend}/db.sqlite3`)).toBe(true);
    expect((await query(adminUrl(), 'SELECT 1')).length).toBe(1);
  });

  it('an engine devsetup does not serve is refused by name', async () => {
    const project = keep(await createSampleProject({ variations: [plainDjango] }));
    await writeProjectFile(project, 'backend/mysql_stub/__init__.py', '');
    await writeProjectFile(
      project,
      'backend/mysql_stub/base.py',
      'from django.db.backends.dummy.base import DatabaseWrapper as Dummy\n\n\nclass DatabaseWrapper(Dummy):\n    vendor = "mysql"\n',
    );
    await appendSettings(project, 'DATABASES = {"default": {"ENGINE": "mysql_stub", "NAME": "shop"}}');
    const run = await runDevsetup(['--json'], { cwd: project.root, env: {}, python });
    expect(run.exitCode).toBe(1);
    const { code, message } = failureOf(run, 'database');
    expect(code).toBe('ENGINE_UNSUPPORTED');
    expect(message).toContain('mysql_stub');
    expect(stepOf(run, 'shared-migrations').status).toBe('not-attempted');
  });

  it('the driver of MySQL is not there: what is missing is said', async () => {
    const project = keep(await createSampleProject({ variations: [plainDjango] }));
    await appendSettings(project, 'DATABASES = {"default": {"ENGINE": "django.db.backends.mysql", "NAME": "shop"}}');
    const run = await runDevsetup(['--json'], { cwd: project.root, env: {}, python });
    expect(run.exitCode).toBe(1);
    expect(failureOf(run, 'database').message).toMatch(/mysql/i);
  });
});
