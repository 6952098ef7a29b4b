import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { onTestFinished } from 'vitest';

import { Client } from 'pg';

import { needsPgBouncer, startPgBouncer } from '../../../support/pgbouncer.ts';
import { adminUrl, query } from '../../../support/postgres.ts';
import { appendSettings, editProjectFile, writeProjectFile, type Variation } from '../../../support/sample-project.ts';
import { startTcpServer } from '../../../support/tcp-server.ts';
import { until } from '../../../support/until.ts';
import { configure, plainDjango } from '../../../support/variations.ts';
import { withMigrationLock } from '../../../../src/postgres/advisory-lock.ts';
import { targetOf } from '../../../support/database-target.ts';
import type { DoctorSite } from '../support/healthy-site.ts';
import type { Row } from '../support/row.ts';
import { ownedByRole } from './database-role.ts';

interface Parts {
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

/** The site's own URL with other parts. */
const urlWith = (site: DoctorSite, parts: Parts): { readonly DATABASE_URL: string } => {
  const url = new URL(site.database.url);
  if (parts.host !== undefined) url.hostname = parts.host;
  if (parts.port !== undefined) url.port = String(parts.port);
  if (parts.user !== undefined) url.username = parts.user;
  if (parts.password !== undefined) url.password = parts.password;
  if (parts.database !== undefined) url.pathname = `/${parts.database}`;
  return { DATABASE_URL: url.href };
};

const listener = async (onConnection: Parameters<typeof startTcpServer>[0]): Promise<number> => {
  const server = await startTcpServer(onConnection);
  onTestFinished(() => server.close());
  return server.port;
};

const closedPort = async (): Promise<number> => {
  const { port, close } = await startTcpServer(() => undefined);
  await close();
  return port;
};

const connect = async (site: DoctorSite, applicationName: string): Promise<Client> => {
  const client = new Client({ connectionString: site.database.url, application_name: applicationName });
  // The database is dropped with the sessions that are left in it.
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end().catch(() => undefined));
  return client;
};

const emptyDatabase = async (name: string, options: string): Promise<void> => {
  await query(adminUrl(), `CREATE DATABASE ${name} TEMPLATE template0 ${options}`);
  onTestFinished(async () => {
    await query(adminUrl(), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });
};

const unique = (): string => `t_${Math.random().toString(36).slice(2, 12)}`;

const settings =
  (code: string): Variation =>
  (project) =>
    appendSettings(project, code);

/** Settings that do not load: then the database of the URL variable is looked at all the same. */
const withBrokenSettings = (site: DoctorSite): Promise<void> =>
  appendSettings(site.project, 'import nothing_of_the_kind');

const extensionMigration = (name: string, after: string, extension: string): [string, string] => [
  `backend/catalogue/migrations/${name}.py`,
  `from django.contrib.postgres.operations import CreateExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "${after}")]
    operations = [CreateExtension("${extension}")]
`,
];

const CONNECTION_ROWS: readonly Row[] = [
  {
    name: 'nothing listens',
    breaks: async (site) => urlWith(site, { port: await closedPort() }),
    code: 'database-unreachable',
    severity: 'error',
    mends: /Start PostgreSQL/,
  },
  {
    name: 'the host cannot be resolved',
    breaks: async (site) => urlWith(site, { host: 'db.invalid' }),
    code: 'database-unreachable',
    severity: 'error',
    mends: /correct host and port/,
    site: { config: { database: { allowRemote: ['db.invalid'] } } },
  },
  {
    name: 'a name that only compose knows',
    breaks: async (site) => {
      await writeProjectFile(
        site.project,
        'compose.yaml',
        'services:\n  db.invalid:\n    image: postgres:18.1\n    ports: ["15432:5432"]\n    healthcheck: {test: [CMD, pg_isready], start_period: 30s}\n',
      );
      return urlWith(site, { host: 'db.invalid', port: 5432 });
    },
    code: 'database-unreachable',
    severity: 'error',
    mends: /127\.0\.0\.1:15432/,
  },
  {
    name: 'a web server on the port',
    breaks: async (site) =>
      urlWith(site, { port: await listener((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')) }),
    code: 'database-not-postgres',
    severity: 'error',
    mends: /host and port/,
  },
  {
    name: 'a wrong password',
    breaks: async (site) => urlWith(site, { password: 'wrong-horse' }),
    code: 'database-password-rejected',
    severity: 'error',
    mends: /password comes from DATABASE_URL/,
  },
  {
    name: 'no password',
    breaks: async (site) => urlWith(site, { password: '' }),
    code: 'database-password-missing',
    severity: 'error',
    mends: /Add it to/,
  },
  {
    name: 'TLS is demanded of a server without',
    breaks: async (site) => ({ DATABASE_URL: `${site.database.url}?sslmode=require` }),
    code: 'database-tls-refused',
    severity: 'error',
    mends: /sslmode=prefer \(or disable\) for this server in DATABASE_URL/,
  },
  {
    name: 'the role may not connect',
    breaks: async (site) => {
      const { role, env } = await ownedByRole(site);
      await site.sql(`ALTER DATABASE ${site.database.name} OWNER TO CURRENT_USER`);
      await site.sql(`REVOKE CONNECT ON DATABASE ${site.database.name} FROM PUBLIC, ${role}`);
      return env;
    },
    code: 'database-access-denied',
    severity: 'error',
    mends: /GRANT CONNECT/,
  },
  {
    name: 'no database of that name, in development',
    breaks: async (site) => {
      const database = unique();
      onTestFinished(async () => {
        await query(adminUrl(), `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      });
      return urlWith(site, { database });
    },
    code: 'database-needed',
    severity: 'error',
    mends: /devsetup/,
    fixable: true,
  },
  {
    name: 'no database of that name, and none may be created',
    breaks: async (site) => {
      await configure({ database: { create: false } })(site.project);
      return urlWith(site, { database: unique() });
    },
    code: 'database-missing',
    severity: 'error',
    mends: /"create": true/,
  },
];

const CREATION_ROWS: readonly Row[] = [
  {
    name: 'no database of that name, and a role that may create none',
    breaks: async (site) => {
      const { env } = await ownedByRole(site);
      const url = new URL(env.DATABASE_URL);
      url.pathname = `/${unique()}`;
      return { DATABASE_URL: url.href };
    },
    code: 'database-create-denied',
    severity: 'error',
    mends: /CREATEDB/,
    also: ['database-needed'],
  },
  {
    name: 'an old pg_dump makes the backups',
    breaks: async (site) => {
      await writeProjectFile(site.project, 'Makefile', 'backup:\n\tpg_dump library > backup.sql\n');
      const folder = path.join(site.project.root, '.tools');
      await mkdir(folder);
      const program = '#!/bin/sh\necho "pg_dump (PostgreSQL) 9.6.24"\n';
      await writeFile(path.join(folder, 'pg_dump'), program, { mode: 0o755 });
      return { PATH: `${folder}:${process.env['PATH']}` };
    },
    code: 'pg-dump-older',
    severity: 'warning',
    mends: /client programs/,
  },
];

const SETTINGS_ROWS: readonly Row[] = [
  {
    name: 'MySQL',
    site: { variations: [plainDjango, settings('DATABASES["default"]["ENGINE"] = "engines.mysql"')] },
    breaks: async (site) => {
      await writeProjectFile(site.project, 'backend/engines/__init__.py', '');
      await writeProjectFile(site.project, 'backend/engines/mysql/__init__.py', '');
      await writeProjectFile(
        site.project,
        'backend/engines/mysql/base.py',
        'from django.db.backends.dummy.base import DatabaseWrapper as Dummy\n\n\nclass DatabaseWrapper(Dummy):\n    vendor = "mysql"\n',
      );
    },
    code: 'engine-unsupported',
    severity: 'error',
    mends: /ENGINE/,
  },
  {
    name: 'no database in the settings',
    site: { variations: [plainDjango] },
    breaks: (site) => appendSettings(site.project, 'DATABASES = {}'),
    code: 'database-not-configured',
    severity: 'error',
    mends: /DATABASES/,
  },
  {
    name: 'a database without a name',
    site: { variations: [plainDjango] },
    breaks: (site) => appendSettings(site.project, 'DATABASES["default"]["NAME"] = ""'),
    code: 'database-name-missing',
    severity: 'error',
    mends: /DATABASES/,
  },
  {
    name: 'several hosts',
    breaks: (site) => appendSettings(site.project, 'DATABASES["default"]["HOST"] = "127.0.0.1,127.0.0.2"'),
    code: 'database-several-hosts',
    severity: 'error',
    mends: /primary/,
  },
  {
    name: 'a service that is not defined',
    breaks: (site) => appendSettings(site.project, 'DATABASES["default"]["OPTIONS"] = {"service": "library"}'),
    code: 'database-service-unsupported',
    severity: 'error',
    mends: /PGSERVICEFILE/,
  },
  {
    name: 'an option of the connection',
    breaks: (site) => appendSettings(site.project, 'DATABASES["default"]["OPTIONS"] = {"requirepeer": "postgres"}'),
    code: 'database-option-unsupported',
    severity: 'error',
    mends: /requirepeer/,
  },
  {
    name: 'a database whose inspection fails',
    breaks: async (site) => {
      await site.sql('ALTER TABLE public.django_migrations RENAME COLUMN app TO application');
    },
    code: 'database-error',
    severity: 'error',
    mends: /./,
  },
];

const WITHOUT_DJANGO_ROWS: readonly Row[] = [
  {
    name: 'Django does not start, and nothing listens',
    breaks: async (site) => {
      await withBrokenSettings(site);
      return urlWith(site, { port: await closedPort() });
    },
    code: 'database-unreachable',
    severity: 'error',
    mends: /Start PostgreSQL/,
    also: ['django-missing'],
  },
  {
    name: 'Django does not start, and there is no such database',
    breaks: async (site) => {
      await withBrokenSettings(site);
      return urlWith(site, { database: unique() });
    },
    code: 'database-missing',
    severity: 'warning',
    mends: /devsetup then creates/,
    also: ['django-missing'],
  },
  {
    name: 'the URL cannot be read',
    breaks: () => Promise.resolve({ DATABASE_URL: 'postgres://app:ho/rse@127.0.0.1:5432/app' }),
    code: 'database-url-invalid',
    severity: 'error',
    mends: /Percent-encode/,
    also: ['settings-failed'],
  },
];

const RIGHTS_ROWS: readonly Row[] = [
  {
    name: 'the role may not create schemas',
    breaks: async (site) => {
      const { env } = await ownedByRole(site);
      await site.sql(`ALTER DATABASE ${site.database.name} OWNER TO CURRENT_USER`);
      return env;
    },
    code: 'create-schema-denied',
    severity: 'error',
    mends: /GRANT CREATE ON DATABASE/,
  },
  {
    name: 'the role may not create tables in public',
    breaks: async (site) => {
      const { role, env } = await ownedByRole(site);
      await site.sql('ALTER SCHEMA public OWNER TO CURRENT_USER');
      await site.sql('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
      await site.sql(`GRANT USAGE ON SCHEMA public TO ${role}`);
      return env;
    },
    code: 'create-table-denied',
    severity: 'error',
    mends: /GRANT CREATE ON SCHEMA "public"/,
  },
  {
    name: 'tables belong to the role that restored them',
    breaks: async (site) => {
      const { role, env } = await ownedByRole(site);
      await site.sql('ALTER TABLE public.django_migrations OWNER TO CURRENT_USER');
      await site.sql(`GRANT ALL ON public.django_migrations TO ${role}`);
      return env;
    },
    code: 'tables-not-owned',
    severity: 'warning',
    mends: /ALTER TABLE %s OWNER TO/,
  },
  {
    name: 'a migration creates an extension the server does not have',
    breaks: async (site) => {
      await writeProjectFile(site.project, ...extensionMigration('0007_ext', '0006_rename_price', 'no_such_thing'));
    },
    code: 'extension-unavailable',
    severity: 'error',
    mends: /where the server runs/,
    also: ['shared-migrations-needed', 'tenant-migrations-needed'],
  },
  {
    name: 'a migration creates an extension the role may not create',
    breaks: async (site) => {
      const { env } = await ownedByRole(site);
      await writeProjectFile(site.project, ...extensionMigration('0007_ext', '0006_rename_price', 'file_fdw'));
      return env;
    },
    code: 'extension-denied',
    severity: 'error',
    mends: /CREATE EXTENSION IF NOT EXISTS "file_fdw"/,
    also: ['shared-migrations-needed', 'tenant-migrations-needed'],
  },
];

const SERVER_ROWS: readonly Row[] = [
  {
    name: 'the database is not UTF-8',
    breaks: async (site) => {
      const database = unique();
      await emptyDatabase(database, "ENCODING 'SQL_ASCII' LOCALE 'C'");
      const env = urlWith(site, { database });
      const run = await site.show([], env);
      if (run.exitCode !== 0) throw new Error(run.stdout);
      return env;
    },
    code: 'database-encoding',
    severity: 'warning',
    mends: /template0/,
  },
  {
    name: 'fewer connections than the workers that are configured',
    site: { start: 3, config: { migrations: { concurrency: 16 } } },
    breaks: async (site) => {
      const { env } = await ownedByRole(site);
      await site.sql(`ALTER DATABASE ${site.database.name} CONNECTION LIMIT 6`);
      return env;
    },
    code: 'connections-low',
    severity: 'warning',
    mends: /"concurrency": 1/,
    also: ['tenant-without-domain'],
  },
  {
    name: 'compose runs another version',
    breaks: (site) =>
      editProjectFile(site.project, '.devcontainer/compose.yaml', /image: postgres:.*/, 'image: postgres:12.22'),
    code: 'server-version-differs',
    severity: 'warning',
    mends: /one major version/,
  },
  {
    name: 'a pipeline tests with another version',
    breaks: (site) =>
      editProjectFile(site.project, '.github/workflows/ci.yml', /image: postgres:.*/, 'image: postgres:12.22'),
    code: 'server-version-differs',
    severity: 'warning',
    mends: /one major version/,
  },
  {
    name: 'a shell was left in a transaction, and somebody waits',
    breaks: async (site) => {
      await site.sql('CREATE TABLE public.notes (id int)');
      const idle = await connect(site, 'forgotten shell');
      await idle.query('BEGIN');
      await idle.query('LOCK TABLE public.notes');
      const waiting = await connect(site, 'patient');
      void waiting.query('SELECT * FROM public.notes').catch(() => undefined);
      const isLong = `SELECT 1 FROM pg_stat_activity shell, pg_stat_activity waiting
        WHERE shell.datname = current_database() AND shell.application_name = 'forgotten shell' AND shell.state_change < clock_timestamp() - interval '10 seconds'
        AND shell.pid = ANY (pg_blocking_pids(waiting.pid))`;
      await until('the shell has held up the other for 10 s', async () => (await site.sql(isLong)).length > 0);
    },
    code: 'transaction-blocks',
    severity: 'warning',
    mends: /pg_terminate_backend\(\d+\)/,
  },
  {
    name: 'another run is at work',
    breaks: async (site) => {
      let release = (): void => undefined;
      const entered = new Promise<void>((resolve) => {
        void withMigrationLock(targetOf(site.database.url), { timeoutSeconds: 0, version: '1.2.3' }, () => {
          resolve();
          return new Promise<void>((end) => (release = end));
        }).catch(() => undefined);
      });
      onTestFinished(() => release());
      await entered;
    },
    code: 'devsetup-lock-held',
    severity: 'info',
    mends: /Let it end/,
  },
  {
    name: 'PgBouncer in transaction mode',
    needs: needsPgBouncer,
    breaks: async (site: DoctorSite) => {
      const pooler = await startPgBouncer(site.database.url, 'transaction');
      onTestFinished(() => pooler.stop());
      return { DATABASE_URL: pooler.url };
    },
    code: 'database-pooler',
    severity: 'error',
    mends: /direct address/,
  },
];

export const DATABASE_ROWS: readonly Row[] = [
  {
    name: 'the settings name a schema that nothing creates here',
    site: { start: 'empty', config: { database: { create: false } } },
    breaks: ({ project }) => appendSettings(project, 'PG_EXTRA_SEARCH_PATHS = ["extensions"]'),
    code: 'database-object-missing',
    severity: 'error',
    mends: /CREATE SCHEMA IF NOT EXISTS "extensions";/,
  },
  {
    name: 'a migration needs an extension that nothing creates here',
    site: { config: { database: { create: false } } },
    breaks: async ({ project }) => {
      await writeProjectFile(
        project,
        'backend/catalogue/migrations/0007_details.py',
        `from django.contrib.postgres.fields import HStoreField
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_rename_price")]
    operations = [
        migrations.AddField("item", "details", HStoreField(null=True)),
        migrations.RemoveField("item", "details"),
    ]
`,
      );
    },
    code: 'database-object-missing',
    severity: 'error',
    mends: /CREATE EXTENSION IF NOT EXISTS "hstore" WITH SCHEMA "public";/,
  },
  {
    name: 'the settings change to a role that is not granted to the login role',
    breaks: async (site) => {
      const { env } = await ownedByRole(site);
      const role = unique();
      await query(adminUrl(), `CREATE ROLE ${role}`);
      onTestFinished(async () => {
        await query(adminUrl(), `DROP ROLE ${role}`);
      });
      await appendSettings(site.project, `DATABASES["default"]["OPTIONS"] = {"options": "-c role=${role}"}`);
      return env;
    },
    code: 'database-object-missing',
    severity: 'error',
    mends: /GRANT "t_\w+" TO "r_\w+";/,
  },
  ...CONNECTION_ROWS,
  ...CREATION_ROWS,
  ...SETTINGS_ROWS,
  ...WITHOUT_DJANGO_ROWS,
  ...RIGHTS_ROWS,
  ...SERVER_ROWS,
];
