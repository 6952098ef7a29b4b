import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createReadyDatabase } from '../../support/ready-database.ts';
import { DJANGO_52, ensureVenv } from '../../support/venv.ts';
import { appendSettings, editProjectFile } from '../../support/sample-project.ts';
import { startDevsetup } from '../../support/run-devsetup.ts';
import { blockTable } from '../migrate/support/blocking.ts';
import { openSite, withSite, type Site } from '../behaviour/support/site.ts';

const SUPERUSER = {
  DJANGO_SUPERUSER_USERNAME: 'admin',
  DJANGO_SUPERUSER_PASSWORD: 'correct horse battery',
  DJANGO_SUPERUSER_EMAIL: 'admin@example.com',
};

const EVERYTHING = [
  'database',
  'shared-migrations',
  'super-tenant',
  'tenant-migrations',
  'guest-tenant',
  'superuser',
] as const;

describe('a run after a good one', () => {
  let site: Site;

  beforeAll(async () => {
    site = await openSite({ start: 'ready', env: SUPERUSER });
    await site.run();
  });
  afterAll(() => site.remove());

  it('does not start Django, and says the same of every step', async () => {
    const asked = await site.run(['--force']);
    const cached = await site.run();
    expect(asked.report.djangoStarts).toBe(1);
    expect(cached.report.djangoStarts).toBe(0);
    for (const id of EVERYTHING) {
      expect(cached.step(id).status, id).toBe('unchanged');
      expect(cached.step(id).message, id).toBe(asked.step(id).message);
    }
  });

  it('keeps neither the password of the database nor that of the superuser', async () => {
    const { stateDirectory } = await site.run();
    const { readdir } = await import('node:fs/promises');
    const files = (await readdir(stateDirectory, { recursive: true })).filter((file) => file.endsWith('.json'));
    expect(files.some((file) => file.endsWith('cache.json'))).toBe(true);
    for (const file of files) {
      const text = await readFile(path.join(stateDirectory, file), 'utf8');
      expect(text).not.toContain(SUPERUSER.DJANGO_SUPERUSER_PASSWORD);
      expect(text).not.toContain(site.database.password);
    }
  });

  it('starts Django where another session locks a table, and waits with that for the lock', async () => {
    await site.run();
    const blocker = await blockTable(site.database.url, 'public.customers_library', 'ACCESS EXCLUSIVE');
    const run = startDevsetup(['--ui', 'plain'], { cwd: site.project.root, env: site.env, python: site.python });
    await run.waitForOutput('waiting for a lock on public.customers_library');
    await blocker.release();
    const ended = await run.ended;
    expect(ended.exitCode).toBe(0);
    expect(ended.stdout).toContain('Nothing to do');
  });

  /** Each change, whether the run that follows has something to do, and with which variables it runs. */
  const changes: readonly {
    readonly what: string;
    readonly make: (site: Site) => Promise<unknown>;
    readonly changed?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  }[] = [
    {
      what: 'a line in the settings',
      make: ({ project }) => appendFile(project.settings, '\n# touched\n'),
    },
    {
      what: 'a new migration file',
      make: ({ project }) =>
        writeFile(
          path.join(project.backend, 'fees/migrations/0099_nothing.py'),
          'from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = [("fees", "0005_fee_paid_on")]\n    operations = []\n',
        ),
      changed: ['shared-migrations', 'tenant-migrations'],
    },
    {
      what: 'an env file that settings read by themselves',
      make: ({ project }) =>
        writeFile(path.join(project.root, '.env'), 'ALLOWED_HOSTS=localhost\nDJANGO_SETTINGS_MODULE=config.settings\n'),
    },
    {
      what: 'a variable that settings look at',
      make: async () => undefined,
      env: { ALLOWED_HOSTS: 'elsewhere.example' },
    },
    {
      what: 'a tenant that was added',
      make: ({ sql }) =>
        sql(
          "INSERT INTO customers_library (schema_name, name, contact_email, created_on) VALUES ('late', 'Late', '', now())",
        ),
      changed: ['tenant-migrations'],
    },
    {
      what: 'a tenant whose schema is gone',
      make: ({ sql }) => sql('DROP SCHEMA guest CASCADE'),
      changed: ['tenant-migrations'],
    },
    {
      what: 'a migration that a tenant lost',
      make: async ({ sql }) => {
        await sql("DELETE FROM guest.django_migrations WHERE app = 'fees' AND name >= '0005'");
        await sql('ALTER TABLE guest.fees_fee DROP COLUMN paid_on');
      },
      changed: ['tenant-migrations'],
    },
    {
      what: 'a domain that was deleted',
      make: ({ sql }) => sql("DELETE FROM customers_domain WHERE domain = 'localhost'"),
      changed: ['super-tenant'],
    },
    {
      what: 'a superuser that was deleted',
      make: ({ sql }) => sql("DELETE FROM accounts_user WHERE username = 'admin'"),
      changed: ['superuser'],
    },
    {
      what: 'a superuser of another name',
      make: async () => undefined,
      changed: ['superuser'],
      env: { DJANGO_SUPERUSER_USERNAME: 'somebody' },
    },
  ];

  it.each(changes)('asks Django again after $what', async ({ make, changed = [], env = {} }) => {
    expect((await site.run()).report.djangoStarts).toBe(0);
    await make(site);
    // What is to be done is announced, and --if-needed does it.
    if (changed.length > 0) {
      const look = await site.run(['--dry-run'], env);
      for (const id of changed) expect(look.status(id), id).toBe('would-change');
    }
    const after = await site.run(changed.length > 0 ? ['--if-needed'] : [], env);
    expect(after.exitCode, after.stderr).toBe(0);
    expect(after.report.djangoStarts).toBe(1);
    expect(after.report.steps.filter((step) => step.status === 'changed').map((step) => step.id)).toEqual(changed);
    expect((await site.run([], env)).report).toMatchObject({ outcome: 'unchanged', djangoStarts: 0 });
    await site.run();
  });

  it('does not take what a terminal alone changes for a change', async () => {
    const env = { TERM: 'xterm-256color', SHLVL: '7', WINDOWID: '12', SSH_CLIENT: '10.0.0.1 1 2' };
    expect((await site.run([], env)).report.djangoStarts).toBe(0);
  });

  it('notices a package that was installed', async () => {
    const folder = path.join(site.project.backend, 'a_new_package');
    await mkdir(folder);
    expect((await site.run()).report.djangoStarts).toBe(1);
    await rm(folder, { recursive: true });
    await site.run();
  });

  it('is used by --if-needed, and by --dry-run without writing anything', async () => {
    expect((await site.run(['--if-needed'])).report).toMatchObject({ outcome: 'unchanged', djangoStarts: 0 });
    expect((await site.run(['--dry-run'])).report).toMatchObject({ outcome: 'unchanged', djangoStarts: 0 });
  });

  it('is not enough for --force and --only-tenants', async () => {
    expect((await site.run(['--force'])).report.djangoStarts).toBe(1);
    expect((await site.run(['--only-tenants', 'guest'])).report.djangoStarts).toBe(1);
  });
});

describe('another database of the same project', () => {
  it('is looked at by itself', async () => {
    const python = await ensureVenv(DJANGO_52);
    const other = await createReadyDatabase(python, { tenants: 0 });
    await withSite({ start: 'ready' }, async (site) => {
      await site.run();
      expect((await site.run()).report.djangoStarts).toBe(0);
      expect((await site.run([], { DATABASE_URL: other.url })).report.djangoStarts).toBe(1);
    });
    await other.drop();
  });
});

describe('a run whose start of Django cannot be compared', () => {
  let site: Site;

  beforeAll(async () => {
    site = await openSite({ start: 'ready' });
  });
  afterAll(() => site.remove());

  it.each([
    [
      'starts a program',
      'import subprocess\nREVISION = subprocess.run(["echo", "token"], capture_output=True).stdout',
      'starts a program (echo)',
    ],
    ['uses the network', 'import socket\nsocket.socket().connect_ex(("127.0.0.1", 1))', 'opens a network connection'],
    ['looks up a host', 'import socket\nADDRESS = socket.gethostbyname("localhost")', 'looks up the address of a host'],
    ['reads the clock', 'import datetime\nTODAY = datetime.date.today()', 'reads the clock'],
  ])('is not cached where it %s, and --verbose says where', async (_, code, reason) => {
    const before = await readFile(site.project.settings, 'utf8');
    await appendSettings(site.project, code);
    const shown = await site.show(['--verbose']);
    await writeFile(site.project.settings, before);
    expect(shown.exitCode, shown.stderr).toBe(0);
    expect(shown.stderr).toMatch(
      new RegExp(`This run is not cached: .*settings\\.py:\\d+ ${reason.replace(/[()]/g, '\\$&')}`),
    );
    expect(shown.stdout + shown.stderr).not.toContain('token');
  });

  it('is not cached where an application asks the database while it starts', async () => {
    await editProjectFile(
      site.project,
      'backend/fees/apps.py',
      /$/,
      '\n    def ready(self):\n        from django.db import connection\n\n        connection.cursor().execute("SELECT 1")\n',
    );
    const shown = await site.show(['--verbose']);
    expect(shown.exitCode, shown.stderr).toBe(0);
    expect(shown.stderr).toContain('asks a database while Django starts');
    expect((await site.run()).report.djangoStarts).toBe(1);
    expect((await site.run()).report.djangoStarts).toBe(1);
  });
});

describe('a run that failed', () => {
  it('leaves nothing to recall', async () => {
    await withSite({ start: 'ready' }, async (site) => {
      await site.run();
      await site.sql('ALTER TABLE guest.django_migrations RENAME TO hidden');
      const failed = await site.run();
      expect(failed.exitCode).toBe(1);
      const again = await site.run();
      expect(again.report.djangoStarts).toBe(1);
      expect(again.exitCode).toBe(1);
    });
  });
});
