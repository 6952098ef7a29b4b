import { createHash } from 'node:crypto';

import type { WatchedTable } from '../django/protocol.ts';
import { withClient, type Session } from './connect.ts';
import { withLimits } from './limited-query.ts';
import { quoteIdentifier } from './quote-sql.ts';
import type { DatabaseTarget } from './target.ts';

/** Tables per query: each is a branch of a UNION, and a query locks every table it names. */
const BATCH = 100;
const TRY_MILLISECONDS = 3_000;
/** Longer than the server's own limit in limited-query, which is the one to count. */
const QUERY_MILLISECONDS = 6_000;

/** With the time, which differs once a database was emptied and migrated again. */
const MIGRATIONS = ['app', 'name', 'applied'];

export interface DatabaseDigest {
  /** SHA-256 (hex) over identity, version, extensions, roles, schemas with the names of their tables, what each has migrated, and the watched rows. */
  readonly digest: string;
  readonly serverVersion: string;
}

/**
 * Condenses what the setup steps would find in a database, without Django: equal digests mean the same schemas with the same
 * migrations and the same tenants, domains and superuser. One connection, one query for each hundred schemas. Where a query hits a lock,
 * or takes long, it fails: Django, which is asked then, reports what it waits for.
 */
export const digestDatabase = (
  target: DatabaseTarget,
  tables: readonly WatchedTable[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<DatabaseDigest> =>
  withClient(
    target,
    async (session) => {
      const [server] = await session.query<{ version: string; oid: string }>(
        "SELECT current_setting('server_version') AS version, oid::text AS oid FROM pg_database WHERE datname = current_database()",
      );
      const schemas = await session.query<{ name: string; migrated: boolean; tables: string | null }>(SCHEMAS);
      const around = await session.query(AROUND);
      const migrations = schemas
        .filter((schema) => schema.migrated)
        .map(({ name }) => ({ schema: name, table: 'django_migrations', columns: MIGRATIONS, where: null }));
      const rows = await digestTables(session, [...migrations, ...tables]);
      const hash = createHash('sha256').update(JSON.stringify([server, schemas, around, rows]));
      return { digest: hash.digest('hex'), serverVersion: (server?.version ?? '').split(' ')[0] ?? '' };
    },
    { connectMilliseconds: TRY_MILLISECONDS, queryMilliseconds: QUERY_MILLISECONDS, ...options },
  );

/**
 * Over all rows, in any order: sorting them to hash them together takes twice as long at a thousand schemas. A row that changes is
 * missed once in 2^64.
 */
const condensed = (row: string): string =>
  `count(*)::text || ' ' || coalesce(sum(hashtextextended((${row})::text COLLATE "C", 0)), 0)::text`;

/** Tables, views and what else can stand under a table's name, with their owners: a model whose table was dropped has to be noticed. */
const SCHEMAS = `SELECT n.nspname AS name, coalesce(c.migrated, false) AS migrated, c.tables
  FROM pg_namespace n LEFT JOIN (
    SELECT relnamespace, bool_or(relname = 'django_migrations') AS migrated, ${condensed('ROW(relname, relkind, relowner)')} AS tables
    FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f') GROUP BY relnamespace) c ON c.relnamespace = n.oid
  WHERE n.nspname !~ '^pg_(toast|temp)' ORDER BY n.nspname COLLATE "C"`;

/**
 * What a database needs that no migration creates. Of the roles those that this login has, with their rights: others come and go on a
 * server that several projects share. A role that the settings switch to owns its tables, which are compared with their owners.
 */
const AROUND = `WITH RECURSIVE mine AS (
    SELECT oid FROM pg_roles WHERE rolname = current_user
    UNION SELECT m.roleid FROM pg_auth_members m JOIN mine ON m.member = mine.oid)
  SELECT current_user AS me,
    (SELECT string_agg(extname || ' ' || extversion, ' ' ORDER BY extname COLLATE "C") FROM pg_extension) AS extensions,
    (SELECT md5(string_agg(ROW(rolname, rolsuper, rolinherit, rolcreatedb, rolcreaterole, rolcanlogin, rolbypassrls)::text, chr(10)
      ORDER BY rolname COLLATE "C")) FROM pg_roles JOIN mine USING (oid)) AS roles`;

const digestTables = async (session: Session, tables: readonly WatchedTable[]): Promise<readonly string[]> => {
  const digests: string[] = [];
  for (let start = 0; start < tables.length; start += BATCH) {
    const batch = tables.slice(start, start + BATCH);
    const values = batch.flatMap(({ where }) => (where === null ? [] : [where.value]));
    let parameter = 0;
    const branches = batch.map((table, index) =>
      digestQuery(table, index, table.where === null ? 0 : (parameter += 1)),
    );
    const sql = `${branches.join(' UNION ALL ')} ORDER BY 1`;
    const rows = await withLimits(session, (limited) =>
      limited.query<{ position: number; digest: string }>(sql, values),
    );
    digests.push(...rows.map((row) => row.digest));
  }
  return digests;
};

const digestQuery = ({ schema, table, columns, where }: WatchedTable, position: number, parameter: number): string => {
  const from = schema === null ? quoteIdentifier(table) : `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
  const filter = where === null ? '' : ` WHERE ${quoteIdentifier(where.column)}::text = $${parameter}`;
  const digest = condensed(`ROW(${columns.map(quoteIdentifier).join(', ')})`);
  return `SELECT ${position} AS position, ${digest} AS digest FROM ${from}${filter}`;
};
