import { Client } from 'pg';

import { writeProjectFile, type Variation } from '../../../support/sample-project.ts';
import { until } from '../../../support/until.ts';

const unless = (exists: string, create: string): string =>
  `DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM ${exists}) THEN ${create}; END IF; END $$`;

/** Statements about things all tenants share. Each may be repeated, and fails by chance while another session runs it. */
export const sharedStatements = (role: string): readonly string[] => [
  'CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public',
  "CREATE OR REPLACE FUNCTION public.stress_total() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  'GRANT USAGE ON SCHEMA public TO PUBLIC',
  "COMMENT ON FUNCTION public.stress_total() IS 'shared by all tenants'",
  unless("pg_type WHERE typname = 'stress_mood'", "CREATE TYPE public.stress_mood AS ENUM ('fine')"),
  unless(`pg_roles WHERE rolname = '${role}'`, `CREATE ROLE ${role}`),
  `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO ${role}`,
  'CREATE SCHEMA IF NOT EXISTS stress_extra',
  `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET stress.one = 1', current_database()); END $$`,
  `ALTER ROLE ${role} SET stress.two = 2`,
  `CREATE COLLATION IF NOT EXISTS public.stress_order (provider = libc, locale = 'C')`,
  unless(
    "pg_ts_config WHERE cfgname = 'stress_words'",
    'CREATE TEXT SEARCH CONFIGURATION public.stress_words (COPY = simple)',
  ),
  "CREATE OR REPLACE FUNCTION public.stress_watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
  unless(
    "pg_event_trigger WHERE evtname = 'stress_watch'",
    'CREATE EVENT TRIGGER stress_watch ON ddl_command_end EXECUTE FUNCTION public.stress_watch()',
  ),
  'CREATE TABLE IF NOT EXISTS public.stress_shared (id int)',
  'CREATE INDEX IF NOT EXISTS stress_by_id ON public.stress_shared (id)',
  'CREATE OR REPLACE VIEW public.stress_view AS SELECT id FROM public.stress_shared',
  `REASSIGN OWNED BY ${role} TO CURRENT_USER`,
];

/** What the statements make; each tenant's record of having run them goes, too. */
export const undoShared = (role: string, schemas: readonly string[]): readonly string[] => [
  'DROP EVENT TRIGGER IF EXISTS stress_watch',
  'DROP TABLE IF EXISTS public.stress_shared CASCADE',
  'DROP EXTENSION IF EXISTS citext',
  'DROP FUNCTION IF EXISTS public.stress_total(), public.stress_watch()',
  'DROP TYPE IF EXISTS public.stress_mood',
  'DROP SCHEMA IF EXISTS stress_extra',
  'DROP COLLATION IF EXISTS public.stress_order',
  'DROP TEXT SEARCH CONFIGURATION IF EXISTS public.stress_words',
  `DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '${role}') THEN DROP OWNED BY ${role}; END IF; END $$`,
  `DROP ROLE IF EXISTS ${role}`,
  ...schemas.map((schema) => `DELETE FROM ${schema}.django_migrations WHERE app = 'notices' AND name >= '0006'`),
];

/** A migration of the tenant app `notices` for each statement. */
export const migrationsOf =
  (statements: readonly string[], atomic = true): Variation =>
  async (project) => {
    let previous = '0005_notices_on_the_board';
    for (const [index, statement] of statements.entries()) {
      const name = `${String(index + 6).padStart(4, '0')}_shared`;
      const text = `from django.db import migrations


class Migration(migrations.Migration):
    atomic = ${atomic ? 'True' : 'False'}
    dependencies = [("notices", "${previous}")]
    operations = [migrations.RunSQL(${JSON.stringify(statement)})]
`;
      await writeProjectFile(project, `backend/notices/migrations/${name}.py`, text);
      previous = name;
    }
  };

export const SHARED_FUNCTION =
  "CREATE OR REPLACE FUNCTION public.shared_total() RETURNS int LANGUAGE sql AS 'SELECT 1'";

/** Another session that has changed the shared function, and not committed yet. */
export const changeFunction = async (url: string): Promise<{ commitOnceAwaited(): Promise<void> }> => {
  const client = new Client({ connectionString: url, application_name: 'release of another service' });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(SHARED_FUNCTION);
  await client.query('BEGIN');
  await client.query(SHARED_FUNCTION);
  const awaited = 'SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))';
  return {
    commitOnceAwaited: async () => {
      try {
        await until('a migration waits for it', async () => (await client.query(awaited)).rows.length > 0);
        await client.query('COMMIT');
      } finally {
        await client.end();
      }
    },
  };
};
