import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';

import { afterEach, describe, expect, test } from 'vitest';

import type { DatabaseReport } from '../../../src/core/database-report.ts';
import type { DoctorReport } from '../../../src/core/doctor-report.ts';
import { needsPostgresClient } from '../../support/needs.ts';
import { createDatabase, query } from '../../support/postgres.ts';
import { tenantsElsewhere } from '../../support/several-databases.ts';
import { plainDjango, withoutOwnCommands } from '../../support/variations.ts';
import { runProgram } from '../../e2e/support/run-program.ts';
import { openSite, type Outcome, type Site, type SiteOptions } from '../behaviour/support/site.ts';
import { appendSettings, writeProjectFile } from '../../support/sample-project.ts';
import { CLI } from '../../support/run-devsetup.ts';
import { openCheckout, type Checkout } from './support/checkout.ts';

const NONE = { DATABASE_URL: undefined };
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const open = async (options: SiteOptions = {}): Promise<Site & { readonly checkout: Checkout }> => {
  const site = await openSite({ ...options, env: { ...NONE, ...options.env } });
  const checkout = await openCheckout(site.project.root);
  cleanups.push(site.remove, checkout.remove);
  return { ...site, checkout };
};
const embedded = (site: Site, ...args: readonly string[]): Promise<Outcome> => site.run(['--db', 'embedded', ...args]);

/** What the discrete variables of many projects look like, without any URL. */
const DISCRETE = `
import os
DATABASES = {"default": {
    "ENGINE": os.environ.get("DB_BACKEND", "django.db.backends.sqlite3"),
    "NAME": os.environ["LENDING_DB_NAME"],
    "USER": os.environ["POSTGRES_USER"],
    "PASSWORD": os.environ.get("DB_PASS", ""),
    "HOST": os.environ.get("DATABASE_HOST", "db"),
    "PORT": os.environ.get("DATABASE_PORT", "5432"),
    "OPTIONS": {"sslmode": os.environ.get("LENDING_TLS", "require")},
}}
`;

describe('devsetup --db embedded', () => {
  test('sets up a project on a machine without any PostgreSQL, and does nothing the second time', async () => {
    const site = await open();
    const first = await embedded(site);
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.step('database')).toMatchObject({ status: 'changed' });
    expect(first.step('database').message).toMatch(/created database 127\.0\.0\.1:\d+\//);
    expect(
      await query(await site.checkout.url(), "SELECT to_regclass('public.django_migrations') IS NOT NULL AS there"),
    ).toEqual([{ there: true }]);
    const second = await embedded(site, '--if-needed');
    expect(second.report).toMatchObject({ outcome: 'unchanged', exitCode: 0, djangoStarts: 0 });

    // The choice is remembered: what is printed does without the flag.
    const shown = await site.show(['--db', 'embedded', '--verbose', '--ui', 'plain']);
    expect(shown.stderr).toMatch(/DATABASE_URL comes from the embedded database: \S*:\*\*\*@127\.0\.0\.1/);
    const next = /Next\n {2}cd backend && npx (devsetup exec -- python manage\.py) runserver\n/;
    expect(shown.stdout).toMatch(next);
    // Without TLS, which takes longer; a terminal may lead to other servers, too.
    expect(shown.stderr).toContain('PGSSLMODE comes from the embedded database');
    expect((await site.checkout.run(['db', 'env'])).stdout).not.toContain('PGSSLMODE');
    const password = new URL(await site.checkout.url()).password;
    const log = await readFile(path.join(shown.home, 'devsetup.log'), 'utf8');
    expect(JSON.stringify([first.stdout, first.stderr, shown.stdout, shown.stderr, log])).not.toContain(password);
  });

  test("lets the project's own commands use it afterwards", async () => {
    const site = await open();
    const first = await site.show(['--db', 'embedded']);
    const [, next = ''] = /Next\n {2}cd backend && npx devsetup (.*) runserver\n/.exec(first.stdout) ?? [];
    expect(next, first.stdout).toBe('exec -- python manage.py');
    const script = 'eval "$("$1" "$2" db env)" && cd backend && "$3" manage.py showmigrations --plan members';
    const { home } = await site.checkout.run(['db', 'status']);
    const shell = await runProgram('sh', ['-c', script, 'sh', process.execPath, CLI, site.python.python], {
      cwd: site.project.root,
      env: { PATH: process.env['PATH'] ?? '', HOME: home, DEVSETUP_STATE_DIR: path.join(home, 'state') },
    });
    expect(shell.exitCode, shell.stderr).toBe(0);
    expect(shell.stdout).toContain('[X]');

    const typed = await site.show([
      ...next.replace('manage.py', 'backend/manage.py').split(' '),
      'showmigrations',
      'members',
    ]);
    expect(typed.exitCode, typed.stderr).toBe(0);
    expect(typed.stdout).toContain('[X] 0001');
    expect((await site.show(['exec', '--', 'python', '-c', 'raise SystemExit(7)'])).exitCode).toBe(7);
    // Its flags are its own, also without `--`.
    expect((await site.show(['exec', 'python', '-V'])).stdout).toMatch(/^Python 3/);
    const unknown = await site.show(['exec', '--', 'no-such-program']);
    expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('no-such-program was not found')]);
    const none = await site.show(['exec']);
    expect([none.exitCode, none.stderr]).toEqual([
      2,
      expect.stringContaining('npx devsetup exec -- python manage.py shell'),
    ]);
  });

  test(
    'db url, db env and db psql lead to the database that the settings name, also where they name it themselves',
    needsPostgresClient,
    async () => {
      const site = await open({
        variations: [plainDjango, (project) => appendSettings(project, 'DATABASES["default"]["NAME"] = "lending"')],
      });
      // Before anything has run, too.
      const started = JSON.parse((await site.show(['db', 'start', '--json'])).stdout) as DatabaseReport;
      expect(started).toMatchObject({ database: 'lending', databases: [{ name: 'lending' }] });
      expect((await embedded(site, '--only', 'database')).exitCode).toBe(0);
      expect(new URL((await site.show(['db', 'url'])).stdout.trim()).pathname).toBe('/lending');
      expect((await site.show(['db', 'env'])).stdout).toMatch(
        /^export DATABASE_URL=\S+\/lending$[^]*^export PGDATABASE=lending$/m,
      );
      expect((await site.show(['exec', '--', 'printenv', 'PGDATABASE'])).stdout).toBe('lending\n');

      const script = await writeProjectFile(site.project, 'ask.sql', 'SELECT current_database();\nSELECT 1 / 0;\n');
      // Another server of the user's, which it does not connect to.
      const elsewhere = { PGHOST: '127.0.0.1', PGHOSTADDR: '127.0.0.1', PGPORT: '1', PGSERVICE: 'other' };
      const shown = await site.show(['db', 'psql', '--', '-At', '-v', 'ON_ERROR_STOP=1', '-f', script], elsewhere);
      expect([shown.exitCode, shown.stdout]).toEqual([3, 'lending\n']);
      expect(shown.stderr).toContain('division by zero');
      const missing = await site.show(['db', 'psql'], { PATH: path.join(site.project.root, 'nowhere') });
      expect([missing.exitCode, missing.stderr]).toEqual([
        2,
        expect.stringContaining('apt-get install postgresql-client'),
      ]);
    },
  );

  test('two projects of a checkout get a database each, and one that both name is reported', async () => {
    const site = await open({ variations: [plainDjango] });
    const other = path.join(site.project.root, 'shop');
    await cp(site.project.backend, other, { recursive: true });
    await writeProjectFile(site.project, 'devsetup.config.json', '{"backend": {"managePy": "backend/manage.py"}}');
    expect((await embedded(site, '--only', 'database')).exitCode).toBe(0);
    await writeProjectFile(site.project, 'devsetup.config.json', '{"backend": {"managePy": "shop/manage.py"}}');
    const run = await embedded(site, '--only', 'database');
    const names = (await site.checkout.db('status')).databases?.map(({ name }) => name) ?? [];
    expect(names).toHaveLength(2);
    expect(names.find((name) => name.endsWith('_shop'))).toBe(run.report.database?.address?.replace(/.*\//, ''));
    const [first = ''] = names;
    await appendSettings(
      { ...site.project, settings: path.join(other, 'config/settings.py') },
      `DATABASES["default"]["NAME"] = "${first}"`,
    );
    expect((await embedded(site, '--only', 'database')).step('database').warnings).toEqual([
      `The database ${first} is also that of backend/manage.py: both projects migrate it. Give DATABASES['default'] another NAME in the settings of one of them.`,
    ]);
  });

  test('reaches settings that read discrete variables, of any name, and that demand TLS', async () => {
    const site = await open({
      variations: [
        (project) => appendSettings(project, DISCRETE),
        async (project) =>
          void (await writeProjectFile(project, '.env', 'LENDING_DB_NAME=of_the_file\nDATABASE_HOST=db\n')),
      ],
    });
    const run = await embedded(site);
    expect(run.exitCode, run.stdout).toBe(0);
    const { port, database } = await site.checkout.db('status');
    expect(run.step('database').message).toContain(`127.0.0.1:${String(port)}/${database}`);

    const verified = { LENDING_TLS: 'verify-full' };
    const refused = (await site.run(['--db', 'embedded', '--only', 'database'], verified)).failure('database');
    expect(refused.message).toContain('(sslmode=verify-full, LENDING_TLS)');
    const [, certificate = ''] = /export PGSSLROOTCERT=(\S+\/server\.crt)\./.exec(refused.hint ?? '') ?? [];
    const trusted = await site.run(['--db', 'embedded'], { ...verified, PGSSLROOTCERT: certificate });
    expect(trusted.exitCode, trusted.stdout).toBe(0);
  });

  test('changes no other database where the settings take no notice', async () => {
    const site = await open({
      variations: [
        (project) => appendSettings(project, 'DATABASES["default"].update(HOST="127.0.0.1", PORT=1, NAME="theirs")'),
      ],
    });
    const { exitCode, failure } = await embedded(site);
    expect(exitCode).toBe(1);
    expect(failure('database')).toMatchObject({
      code: 'DATABASE_NOT_EMBEDDED',
      message: expect.stringContaining('127.0.0.1:1/theirs'),
      hint: expect.stringMatching(/^backend\/[\w/]+\.py:\d+ sets the host to `127\.0\.0\.1` itself: .*DATABASE_URL/),
    });
  });

  test('changes no other database where TENANT_DB_ALIAS names one that the flag does not reach', async () => {
    const other = await createDatabase();
    cleanups.push(other.drop);
    const entry = `{**DATABASES["default"], "HOST": "${other.host}", "PORT": "${other.port}", "NAME": "${other.name}", "USER": "${other.user}", "PASSWORD": "${other.password}"}`;
    const site = await open({
      variations: [
        async (project) => appendSettings(project, `DATABASES["tenants"] = ${entry}\nTENANT_DB_ALIAS = "tenants"`),
      ],
    });
    for (const args of [[], ['--only', 'shared-migrations']]) {
      const run = await embedded(site, ...args);
      const { code, message, hint } = run.failure(args.length === 0 ? 'database' : 'shared-migrations');
      expect(code).toBe('DATABASE_NOT_EMBEDDED');
      expect(message).toContain(`${other.port}/${other.name} (DATABASES["tenants"])`);
      expect(hint).toContain("DATABASES['tenants']");
    }
    expect(await query(other.url, "SELECT to_regclass('public.django_migrations') AS found")).toEqual([
      { found: null },
    ]);
  });

  test('sets up the database of TENANT_DB_ALIAS where the settings read it from the environment', async () => {
    const site = await open({ variations: [withoutOwnCommands, tenantsElsewhere('DATABASES["tenants"]')] });
    const run = await embedded(site);
    expect(run.exitCode, run.stdout).toBe(0);
    const { port, database } = await site.checkout.db('status');
    expect(run.report.database).toEqual({
      alias: 'tenants',
      address: `127.0.0.1:${String(port)}/${database}`,
      embedded: true,
    });
  });

  test('is what doctor says the last run used, and --fix touches no other database', async () => {
    const other = await createDatabase();
    cleanups.push(other.drop);
    const site = await open();
    expect((await embedded(site)).exitCode).toBe(0);
    // An address that was there when the embedded one was chosen would not count.
    await writeProjectFile(site.project, '.env', `DATABASE_URL=${other.url}\n`);
    for (const args of [[], ['--only', 'setup']]) {
      const fixed = await site.show(['doctor', '--fix', '--yes', '--json', ...args]);
      const { checks, fixes } = JSON.parse(fixed.stdout) as DoctorReport;
      const findings = checks.flatMap((check) => check.findings);
      expect(findings.filter(({ fix }) => fix?.startsWith('run the step') === true)).toEqual([]);
      expect(fixes.filter(({ action }) => action.startsWith('run the step'))).toEqual([]);
      if (args.length > 0) continue;
      expect(findings.find(({ code }) => code === 'last-run-embedded')).toMatchObject({
        severity: 'warning',
        message: expect.stringContaining(other.name),
        remedy: { command: 'npx devsetup doctor --db embedded' },
      });
    }
    expect(await query(other.url, "SELECT to_regclass('public.django_migrations') AS found")).toEqual([
      { found: null },
    ]);
    const same = await site.show(['doctor', '--db', 'embedded', '--only', 'examined-database']);
    expect(same.exitCode, same.stdout).toBe(0);
    expect(same.stdout).toContain('(DATABASES["default"])');
  });

  test('gives way to SQLite where the settings use it, says so, and leaves no server behind', async () => {
    const sqlite =
      'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "site.sqlite3"}}';
    const site = await open({ variations: [plainDjango, (project) => appendSettings(project, sqlite)] });
    const first = await site.show(['--db', 'embedded', '--ui', 'plain']);
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /The settings use SQLite \(backend\/site\.sqlite3\), which needs no server: the embedded PostgreSQL is not used\. If PostgreSQL is meant, set what makes the settings choose it \(backend\/\S+:\d+\)/,
    );
    expect(first.stdout).toMatch(/Next\n.*manage\.py runserver\n/);
    expect(first.stdout).not.toMatch(/Next\n.*embedded/);
    // None is started for it, not even once.
    expect(first.stderr).not.toMatch(/Starting|nothing listens/);
    expect(await site.checkout.db('status')).toMatchObject({ state: 'stopped', dataDirectory: null });
    // One with a database is somebody's.
    await site.checkout.db('start');
    expect((await embedded(site)).report).toMatchObject({ outcome: 'unchanged', database: { embedded: false } });
    expect(await site.checkout.db('status')).toMatchObject({ state: 'running' });
    await site.checkout.db('stop');
    const shown = await site.show(['--db', 'embedded', '--ui', 'plain', '--only', 'database']);
    expect(shown.stdout).toContain('the embedded PostgreSQL is not used');
    expect((await site.checkout.db('status')).state).toBe('stopped');
  });

  test('is what the doctor looks at with the same flag, if it runs', async () => {
    const site = await open();
    const look = ['doctor', '--db', 'embedded', '--only', 'database', '--json'];
    const before = await site.show(look);
    expect(before.exitCode).toBe(1);
    expect(JSON.parse(before.stdout)).toMatchObject({ error: { code: 'EMBEDDED_NOT_RUNNING' } });
    await embedded(site);
    const { port, database } = await site.checkout.db('status');
    const after = await site.show(look);
    expect(after.exitCode, after.stdout).toBe(0);
    expect(after.stdout).toContain(`127.0.0.1:${String(port)}/${database}`);
  });

  test('is remembered by every command, started again where it is stopped, until another database is named', async () => {
    const site = await open({ variations: [plainDjango], config: { database: { waitSeconds: 0 } } });
    const stop = (): Promise<unknown> => site.checkout.db('stop');
    const look = ['--only', 'database', '--dry-run'];
    await writeProjectFile(site.project, '.env', 'DATABASE_URL=postgres://app:secret@localhost:1/app\n');
    expect((await embedded(site, '--only', 'database')).exitCode).toBe(0);
    const { port, logFile } = await site.checkout.db('status');
    const remembered = await readFile(path.join(path.dirname(logFile), 'database-choice.json'), 'utf8');
    expect(remembered).not.toContain('secret');

    await stop();
    const installed = await site.show(['--only', 'backend-dependencies,frontend-dependencies', '--ui', 'plain']);
    expect([installed.exitCode, installed.stderr]).toEqual([0, expect.not.stringContaining('embedded')]);
    expect((await site.checkout.db('status')).state).toBe('stopped');
    const again = await site.show(['--if-needed', '--only', 'database', '--ui', 'plain']);
    expect(again.exitCode, again.stdout + again.stderr).toBe(0);
    expect(again.stderr.match(/^Database: .*$/gm)).toEqual([
      'Database: the embedded PostgreSQL of this checkout, as before. To use the one that the settings name: --db settings',
    ]);
    expect((await site.show(['status'])).stdout).toContain('Database: the embedded PostgreSQL of this checkout\n');
    await stop();
    const healthy = await site.show(['doctor', '--only', 'database']);
    expect(healthy.exitCode, healthy.stdout).toBe(0);
    await stop();
    expect((await site.show(['exec', '--', 'printenv', 'PGPORT'])).stdout).toBe(`${String(port)}\n`);

    // A pipeline chooses nothing by memory, and `migrate` never does.
    expect((await site.run(look, { CI: 'true' })).report.database?.embedded).toBe(false);
    const pipeline = await site.show(['migrate', '--environment', 'dev', '--dry-run', '--json']);
    expect(pipeline.stdout + pipeline.stderr).not.toContain(`:${String(port)}/`);

    const named = await site.show([...look, '--ui', 'plain'], { DATABASE_URL: site.database.url });
    expect(named.stderr).toContain('Database: the one that DATABASE_URL (the environment) leads to');
    // As `eval "$(npx devsetup db env)"` sets it.
    const own = { DATABASE_URL: await site.checkout.url() };
    expect((await site.run(look, own)).report.database).toMatchObject({ embedded: true });

    expect((await site.run(['--db', 'settings', '--only', 'database'])).failure('database').code).toBe(
      'DATABASE_UNREACHABLE',
    );
    expect((await site.run(look)).report.database?.embedded).toBe(false);
  });

  test('is chosen for a team by the configuration, until an address or the flag says otherwise', async () => {
    const site = await open({ variations: [plainDjango], config: { database: { use: 'embedded' } } });
    // Where it was never set up, the doctor examines an empty one instead of another database.
    const fresh = await site.show(['doctor', '--only', 'database', '--json']);
    expect(fresh.stdout).toContain('"database-needed"');
    const run = await site.show(['--ui', 'plain', '--only', 'database']);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stderr).toContain('Database: the embedded PostgreSQL of this checkout, as devsetup.config.json says.');
    const named = { DATABASE_URL: site.database.url };
    expect((await site.run(['--db', 'settings', '--only', 'database'], named)).report.database?.embedded).toBe(false);
    const later = await site.show(['--dry-run', '--only', 'database', '--json'], named);
    expect(later.stderr + later.stdout).toContain('"embedded": false');
  });

  test('starts nothing for a dry run', async () => {
    const site = await open();
    const run = await site.show(['--db', 'embedded', '--dry-run']);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('npx devsetup db start');
    expect((await site.checkout.db('status')).dataDirectory).toBeNull();
    await site.checkout.db('start');
    expect((await embedded(site, '--dry-run')).report.outcome).toBe('would-change');
  });

  test('is a mistake with another word', async () => {
    const site = await open();
    const run = await site.show(['--db', 'docker']);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('embedded');
  });
});
