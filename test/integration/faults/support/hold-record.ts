import { Client } from 'pg';

export interface HeldRecord {
  /** Resolves once a migration waits to be recorded. */
  isWaiting(): Promise<boolean>;
  /** Ends the session that waits, as a server does whose client is gone, and takes everything back. */
  release(): Promise<void>;
}

/** Any number; the sessions of one database share it. */
const KEY = 20_771;

/** Makes the server wait when one migration is recorded in one schema, whichever table of records that is. */
export const holdRecord = (url: string, schema: string, migration: string): Promise<HeldRecord> =>
  holdInsert(url, {
    table: 'django_migrations',
    when: `TG_TABLE_SCHEMA = '${schema}' AND to_jsonb(NEW) ->> 'app' || '.' || (to_jsonb(NEW) ->> 'name') = '${migration}'`,
  });

/** Makes the server wait when permissions are created in a schema: what Django does after the last migration. */
export const holdPermissions = (url: string, schema: string): Promise<HeldRecord> =>
  holdInsert(url, { table: 'auth_permission', when: `TG_TABLE_SCHEMA = '${schema}'` });

/** The table may be there or be created later, in any schema: a test kills a run where a row is inserted. */
const holdInsert = async (url: string, { table, when }: { table: string; when: string }): Promise<HeldRecord> => {
  const client = new Client({ connectionString: url, application_name: 'devsetup-tests' });
  await client.connect();
  await client.query('SELECT pg_advisory_lock($1)', [KEY]);
  await client.query('CREATE SCHEMA hold');
  await client.query(`
    CREATE FUNCTION hold.insert() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF ${when} THEN PERFORM pg_advisory_xact_lock_shared(${KEY}); END IF;
      RETURN NEW;
    END $$`);
  await client.query(`
    CREATE FUNCTION hold.attach() RETURNS event_trigger LANGUAGE plpgsql AS $$
    DECLARE made record;
    BEGIN
      FOR made IN SELECT * FROM pg_event_trigger_ddl_commands()
          WHERE command_tag = 'CREATE TABLE' AND object_identity LIKE '%.${table}' LOOP
        EXECUTE format('CREATE TRIGGER hold BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION hold.insert()', made.object_identity);
      END LOOP;
    END $$`);
  await client.query(
    "CREATE EVENT TRIGGER hold ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION hold.attach()",
  );
  const waiting = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = ${KEY} AND NOT granted`;
  return {
    isWaiting: async () => ((await client.query(waiting)).rowCount ?? 0) > 0,
    release: async () => {
      await client.query(`SELECT pg_terminate_backend(pid) FROM (${waiting}) AS waiting`);
      await client.query('DROP EVENT TRIGGER hold');
      await client.query('DROP SCHEMA hold CASCADE');
      await client.end();
    },
  };
};
