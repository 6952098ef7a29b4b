import { execFile } from 'node:child_process';
import net from 'node:net';
import os from 'node:os';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { CHECKS } from '../../../src/checks/index.ts';
import type { DoctorReport } from '../../../src/core/doctor-report.ts';
import { createRedactor } from '../../../src/core/redact.ts';
import { runChecks } from '../../../src/core/run-checks.ts';
import { STEP_IDS } from '../../../src/core/step.ts';
import { createCheckContext, type OpenCheckContext } from '../../../src/doctor/create-check-context.ts';
import { openDiagnosis } from '../../../src/doctor/open-diagnosis.ts';
import type { Host } from '../../../src/setup/host.ts';
import { HOMES_VARIABLE } from '../../support/global-homes.ts';
import { createDatabase, query, type TestDatabase } from '../../support/postgres.ts';
import { appendSettings, writeProjectFile } from '../../support/sample-project.ts';
import { plansElsewhere, tenantsElsewhere } from '../../support/several-databases.ts';
import { startTcpServer, type TcpServer } from '../../support/tcp-server.ts';
import { plainDjango, withoutOwnCommands } from '../../support/variations.ts';
import { openSite, type Site, type SiteOptions } from '../behaviour/support/site.ts';
import { commandIn, typeCommand } from '../behaviour/support/type-command.ts';
import { sampleOf } from '../../support/thoroughness.ts';

/** TEST-NET-1 (RFC 5737): an address nobody has. */
const REMOTE = '192.0.2.7';

const ADMIN = {
  DJANGO_SUPERUSER_USERNAME: 'admin',
  DJANGO_SUPERUSER_EMAIL: 'admin@example.com',
  DJANGO_SUPERUSER_PASSWORD: 'a-stable-horse',
};

const execute = promisify(execFile);

const open = async (options: SiteOptions): Promise<Site> => {
  const site = await openSite(options);
  onTestFinished(() => site.remove());
  return site;
};

describe('with TENANT_DB_ALIAS, every step and check works on that database and none on `default`', () => {
  /** To `default`, which is reached through a proxy. */
  let connections = 0;
  let proxy: TcpServer;
  let other: TestDatabase;
  let site: Site;
  beforeAll(async () => {
    other = await createDatabase();
    proxy = await startTcpServer((socket) => {
      connections += 1;
      socket.pipe(net.connect(other.port, other.host)).pipe(socket);
    });
    const untouched = `{**DATABASES["tenants"], "NAME": "${other.name}", "HOST": "127.0.0.1", "PORT": "${proxy.port}"}`;
    site = await openSite({
      variations: [withoutOwnCommands, tenantsElsewhere(untouched)],
      env: ADMIN,
      config: { tenants: { guest: { schema: 'guest' } } },
    });
    await query(adminOf(site), `DROP DATABASE "${site.database.name}"`);
  });
  afterAll(async () => {
    await site.remove();
    await proxy.close();
    await other.drop();
  });

  // Each needs what those before it did.
  test.each(STEP_IDS)('step %s', async (id) => {
    if (id === 'tenant-migrations') await site.sql(TENANT_WITHOUT_SCHEMA);
    connections = 0;
    const run = await site.run(['--only', id]);
    expect(run.exitCode, run.stdout).toBe(0);
    expect(run.step(id).failure).toBeNull();
    if (!id.endsWith('-dependencies')) expect(run.status(id), run.stdout).toBe('changed');
    // django-tenants saves a domain inside a transaction on `default`, in which it writes nothing.
    if (!SAVES_DOMAINS.has(id)) expect(connections).toBe(0);
    expect(run.report.database).toEqual(
      id.endsWith('-dependencies')
        ? { alias: null, address: null, embedded: false }
        : { alias: 'tenants', address: expect.stringContaining(site.database.name), embedded: false },
    );
  });

  const SAVES_DOMAINS: ReadonlySet<string> = new Set(['super-tenant', 'guest-tenant']);

  test('the tenants, their tables and the superuser are there afterwards, and a second run has nothing to do', async () => {
    expect(await site.sql('SELECT schema_name FROM customers_library ORDER BY 1')).toEqual([
      { schema_name: 'early' },
      { schema_name: 'guest' },
      { schema_name: 'public' },
    ]);
    expect(await site.sql('SELECT to_regclass($1) IS NOT NULL AS there', ['guest.notices_notice'])).toEqual([
      { there: true },
    ]);
    expect(await query(other.url, WRITTEN)).toEqual([]);
    connections = 0;
    expect((await site.run()).report).toMatchObject({ outcome: 'unchanged', exitCode: 0 });
    // What was found is remembered: Django is not started.
    expect((await site.run()).report).toMatchObject({ outcome: 'unchanged', djangoStarts: 0 });
    expect((await site.run(['--dry-run', '--force'])).report).toMatchObject({ outcome: 'unchanged', exitCode: 0 });
    expect((await site.run(['migrate'])).report).toMatchObject({ outcome: 'unchanged', exitCode: 0 });
    expect(connections).toBe(0);
  });

  describe('check', () => {
    let checks: OpenCheckContext;
    beforeAll(async () => {
      connections = 0;
      const home = await realpath(await mkdtemp(path.join(process.env[HOMES_VARIABLE] ?? os.tmpdir(), 'h-')));
      const host = hostOf(site, home);
      const diagnosis = await openDiagnosis({ host });
      checks = createCheckContext({
        diagnosis,
        host,
        machine: { ...host, nodeVersion: process.version, uid: process.getuid?.() },
        signal: new AbortController().signal,
        redactor: createRedactor([]),
      });
      return async () => {
        await checks.close();
        await rm(home, { recursive: true });
      };
    });

    test.each(sampleOf(CHECKS, 6))('$id', async (check) => {
      const [result] = await runChecks({
        checks: [check],
        contextFor: checks.contextFor,
        signal: new AbortController().signal,
        now: () => performance.now(),
        leftOut: () => undefined,
      });
      expect(connections).toBe(0);
      if (check.group !== 'database' && check.group !== 'django') return;
      expect(result?.status, result?.message).not.toBe('could-not-check');
      expect(result?.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    });

    test('the database that is examined is named', async () => {
      const context = checks.contextFor(new AbortController().signal);
      expect((await context.target()).database).toBe(site.database.name);
      const shown = await site.show(['doctor', '--only', 'database']);
      expect(shown.stdout).toContain(`${site.database.name} (DATABASES["tenants"])`);
      expect(connections).toBe(0);
    });
  });
});

const TENANT_WITHOUT_SCHEMA =
  "INSERT INTO customers_library (schema_name, name, contact_email, created_on) VALUES ('early', 'Early', '', now())";

/** Schemas and tables of somebody's own. */
const WRITTEN = `SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')
  UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace`;

const adminOf = (site: Site): string => {
  const url = new URL(site.database.url);
  url.pathname = '/postgres';
  return url.href;
};

const hostOf = (site: Site, home: string): Host => ({
  cwd: site.project.root,
  env: { PATH: process.env['PATH'], HOME: home, VIRTUAL_ENV: site.python.directory, ...site.env },
  home,
  platform: process.platform,
  cores: 1,
  nodeAbi: process.versions.modules,
  ownPackage: path.resolve(import.meta.dirname, '../../..'),
  version: '0.0.0',
  pid: process.pid,
  commandLine: 'devsetup doctor',
  monotonic: () => performance.now(),
  now: () => new Date(),
});

describe('the host rule', () => {
  const LOCAL = '{**DATABASES["tenants"], "HOST": "127.0.0.1", "PORT": "1"}';
  const remote = (alias: string) => (project: Site['project']) =>
    appendSettings(project, `DATABASES["${alias}"] = {**DATABASES["${alias}"], "HOST": "${REMOTE}"}`);

  test('refuses a remote database of TENANT_DB_ALIAS although `default` is local, whichever step is asked for', async () => {
    const site = await open({ variations: [withoutOwnCommands, tenantsElsewhere(LOCAL), remote('tenants')] });
    for (const args of [[], ['--dry-run'], ['--if-needed']]) {
      const { code, message } = (await site.run(args)).failure('database');
      expect([code, message]).toEqual(['DATABASE_REMOTE', expect.stringContaining(`${REMOTE}:`)]);
      expect(message).toContain('DATABASES["tenants"]');
    }
    for (const args of [
      ['--only', 'shared-migrations'],
      ['--skip', 'database'],
    ]) {
      const run = await site.run(args);
      expect(run.failure('shared-migrations').code).toBe('DATABASE_REMOTE');
    }
  });

  test('refuses a remote database that a router sends rows to, although `default` is migrated', async () => {
    const site = await open({ variations: [plainDjango, plansElsewhere(`"HOST": "${REMOTE}"`)] });
    const run = await site.run();
    expect(run.failure('database')).toMatchObject({
      code: 'DATABASE_REMOTE',
      message: expect.stringContaining('DATABASES["archive"]'),
    });
    expect(await site.sql("SELECT to_regclass('django_migrations') AS found")).toEqual([{ found: null }]);
  });

  test('keeps doctor from connecting, too, unless --allow-remote is given', async () => {
    const site = await open({ variations: [withoutOwnCommands, tenantsElsewhere(LOCAL), remote('tenants')] });
    const shown = await site.show(['doctor', '--json', '--only', 'setup,database,django,environment']);
    const report = JSON.parse(shown.stdout) as { checks: { findings: { code: string }[]; blockedBy: string | null }[] };
    const codes = report.checks.flatMap(({ findings }) => findings.map(({ code }) => code));
    expect(codes.filter((code) => code.startsWith('database-'))).toEqual(['database-remote']);
    // A try to connect would hang for seconds and end as unreachable.
    expect(report.checks.some(({ blockedBy }) => blockedBy === 'database-unreachable')).toBe(false);
    expect(report.checks.filter(({ blockedBy }) => blockedBy === 'database-remote').length).toBeGreaterThan(8);
    const allowed = await site.show(['doctor', '--json', '--only', 'remote-database,database', '--allow-remote']);
    const { checks } = JSON.parse(allowed.stdout) as DoctorReport;
    expect(checks.filter(({ blockedBy }) => blockedBy === 'database-remote')).toEqual([]);
  });
});

describe('a project with several databases', () => {
  test('is warned about the one that devsetup does not migrate, with the command that does', async () => {
    const site = await open({ variations: [plainDjango, plansElsewhere('"NAME": "archive_of_nobody"')] });
    const shown = await site.run();
    expect(shown.step('shared-migrations').warnings).toEqual([
      expect.stringMatching(
        /^only DATABASES\['default'\] is set up; DATABASES\['archive'\] cannot be inspected .*: `.* manage\.py migrate --database archive`$/,
      ),
    ]);
  });

  test('is warned until that database is migrated, by doctor too', async () => {
    const site = await open({
      variations: [plainDjango, plansElsewhere('"NAME": DATABASES["default"]["NAME"] + "_archive"')],
    });
    const archive = `${site.database.name}_archive`;
    await query(adminOf(site), `CREATE DATABASE "${archive}"`);
    onTestFinished(async () => void (await query(adminOf(site), `DROP DATABASE "${archive}" WITH (FORCE)`)));
    const first = await site.show();
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.stdout).toMatch(
      /DATABASES\['archive'\] has \d+ pending migrations: `cd backend && \/.+\/bin\/python manage\.py migrate --database archive`/,
    );
    const again = await site.show(['--if-needed']);
    expect(again.stdout).toContain('python manage.py migrate --database archive');
    const doctor = await site.show(['doctor', '--only', 'examined-database', '--json']);
    const report = JSON.parse(doctor.stdout) as DoctorReport;
    const [finding] = report.checks.flatMap(({ findings }) => findings);
    expect(finding).toMatchObject({ code: 'other-database-pending' });
    // The remedy, literally.
    await execute('sh', ['-c', finding?.remedy.command ?? 'false'], {
      cwd: site.project.root,
      env: { PATH: `${site.python.directory}/bin:${process.env['PATH']}`, DATABASE_URL: site.database.url },
    });
    const after = await site.show(['--if-needed']);
    expect(after.stdout).not.toContain('archive');
    expect((await site.show(['doctor', '--only', 'examined-database'])).exitCode).toBe(0);
  });

  test('with django-tenants gets a command that migrates the other one although `migrate` cannot', async () => {
    const site = await open({
      start: 'ready',
      variations: [
        async (project) =>
          void (await writeProjectFile(
            project,
            'backend/config/routers.py',
            'class ArchiveRouter:\n    def allow_migrate(self, db, app_label, **hints):\n        return app_label == "plans" if db == "archive" else None\n\n    def db_for_write(self, model, **hints):\n        return "archive" if model.__name__ == "Plan" else None\n',
          )),
        (project) =>
          appendSettings(
            project,
            `DATABASES["archive"] = {**DATABASES["default"], "ENGINE": "django.db.backends.postgresql", "NAME": DATABASES["default"]["NAME"] + "_archive"}
DATABASE_ROUTERS = ["config.routers.ArchiveRouter", *DATABASE_ROUTERS]`,
          ),
      ],
    });
    const archive = `${site.database.name}_archive`;
    await query(adminOf(site), `CREATE DATABASE "${archive}"`);
    onTestFinished(async () => void (await query(adminOf(site), `DROP DATABASE "${archive}" WITH (FORCE)`)));
    const [warning = ''] = (await site.run()).step('shared-migrations').warnings;
    await typeCommand(site, commandIn(warning));
    expect((await site.run()).step('shared-migrations').warnings).toEqual([]);
  });

  test('with an empty `default` has the database migrated that the routers name', async () => {
    const site = await open({
      variations: [
        plainDjango,
        (project) =>
          appendSettings(
            project,
            'DATABASES = {"default": {}, "main": DATABASES["default"]}\nDATABASE_ROUTERS = ["config.routers.MainRouter"]',
          ),
        async (project) =>
          void (await writeProjectFile(
            project,
            'backend/config/routers.py',
            'class MainRouter:\n    def db_for_read(self, model, **hints):\n        return "main"\n\n    db_for_write = db_for_read\n',
          )),
      ],
      env: ADMIN,
    });
    const look = await site.run(['--dry-run']);
    expect(look.step('shared-migrations').actions[0]).toMatch(/^python manage\.py migrate --database main /);
    const run = await site.run();
    expect(run.exitCode, run.stdout).toBe(0);
    expect(run.status('superuser')).toBe('changed');
    expect((await site.run()).report.outcome).toBe('unchanged');
  });
});

test('django-tenants with an empty `default`, on which it cannot commit, is refused with the line to add', async () => {
  const site = await open({ variations: [withoutOwnCommands, tenantsElsewhere('{}')], env: ADMIN });
  expect((await site.run()).failure('database')).toMatchObject({
    code: 'DATABASE_NOT_CONFIGURED',
    hint: "In the settings: DATABASES['default'] = DATABASES['tenants'].",
  });
  // Literally.
  await appendSettings(site.project, "DATABASES['default'] = DATABASES['tenants']");
  expect((await site.run()).exitCode).toBe(0);
});

test('django-tenants with an alias that no router sends the tenants to is refused with the router to add', async () => {
  const site = await open({
    variations: [
      (project) =>
        appendSettings(
          project,
          'DATABASES["tenants"] = {**DATABASES["default"], "NAME": "elsewhere"}\nTENANT_DB_ALIAS = "tenants"',
        ),
    ],
  });
  expect((await site.run()).failure('database')).toMatchObject({
    code: 'TENANT_ROWS_ELSEWHERE',
    message: expect.stringContaining("DATABASES['tenants']"),
    hint: expect.stringContaining('db_for_write'),
  });
  await appendSettings(site.project, 'TENANT_DB_ALIAS = "nowhere"');
  expect((await site.run()).failure('database')).toMatchObject({
    code: 'DATABASE_NOT_CONFIGURED',
    message: expect.stringContaining('nowhere'),
  });
});
