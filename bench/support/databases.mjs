import { Client, escapeIdentifier } from 'pg';

/**
 * @param {string} url
 * @param {(client: Client) => Promise<unknown>} work
 */
const withClient = async (url, work) => {
  const client = new Client({ connectionString: url, application_name: 'devsetup-bench' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

/** @param {string} adminUrl @param {string} name */
export const databaseUrl = (adminUrl, name) => {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
};

/**
 * A database as a copy of another (default: an empty one), replacing what has its name.
 *
 * @param {string} adminUrl @param {string} name @param {string} [template]
 */
export const resetDatabase = async (adminUrl, name, template = 'template0') => {
  await withClient(adminUrl, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
    const from = escapeIdentifier(template);
    await client.query(`CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${from} STRATEGY FILE_COPY`);
  });
  return databaseUrl(adminUrl, name);
};

/** @param {string} url */
export const analyse = (url) => withClient(url, (client) => client.query('VACUUM ANALYZE'));

/** Tables with identity, defaults, indexes and rows; then the foreign keys, whose text has no schema while both are on the path. */
const CLONE = `
DO $clone$
DECLARE source text := 'guest'; target text := '%TARGET%'; item record;
BEGIN
  EXECUTE format('CREATE SCHEMA %I', target);
  PERFORM set_config('search_path', source || ', public', true);
  CREATE TEMP TABLE keys ON COMMIT DROP AS
    SELECT conrelid::regclass::text AS tab, conname, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE contype = 'f' AND connamespace = source::regnamespace;
  FOR item IN SELECT tablename FROM pg_tables WHERE schemaname = source LOOP
    EXECUTE format('CREATE TABLE %I.%I (LIKE %I.%I INCLUDING ALL)', target, item.tablename, source, item.tablename);
    EXECUTE format('INSERT INTO %I.%I OVERRIDING SYSTEM VALUE SELECT * FROM %I.%I',
                   target, item.tablename, source, item.tablename);
    EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), 1000)', format('%I.%I', target, item.tablename), 'id');
  END LOOP;
  PERFORM set_config('search_path', target || ', public', true);
  FOR item IN SELECT * FROM keys LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', item.tab, item.conname, item.definition);
  END LOOP;
  INSERT INTO public.customers_library (schema_name, name, contact_email, created_on) VALUES (target, target, '', now());
END
$clone$`;

/**
 * Tenants as copies of the guest's schema, by SQL: migrating each would take minutes.
 *
 * @param {string} url @param {number} from @param {number} to numbers of the tenants, the last one included
 */
export const cloneTenants = (url, from, to) =>
  withClient(url, async (client) => {
    for (let number = from; number <= to; number += 1) {
      await client.query(CLONE.replace('%TARGET%', `t${String(number).padStart(4, '0')}`));
    }
  });
