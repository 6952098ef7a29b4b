import { query } from './postgres.ts';

const NOT_SYSTEM = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";

const STRUCTURE = `
  SELECT 'column ' || n.nspname || '.' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END AS line
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v') AND a.attnum > 0 AND NOT a.attisdropped AND ${NOT_SYSTEM}
  UNION ALL SELECT 'constraint ' || n.nspname || '.' || k.conname || ' ' || pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE ${NOT_SYSTEM}
  UNION ALL SELECT 'index ' || pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${NOT_SYSTEM}
  ORDER BY 1`;

const TABLES = `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND ${NOT_SYSTEM} ORDER BY 1, 2`;

/** Numbers that a sequence gave, and moments: they differ between two databases that are the same to everybody. */
const DIFFERS = /(^|_)(id|pk)$|_(at|on)$|^(applied|password|last_login|date_joined|created|content_type|object_id)$/;

/** Structure and rows of a whole database as sorted lines, without keys and times: equal for databases that were set up alike. */
export const describeDatabase = async (url: string): Promise<readonly string[]> => {
  const structure = (await query(url, STRUCTURE)).map(({ line }) => String(line));
  const rows: string[] = [];
  for (const { schema, name } of await query(url, TABLES)) {
    const table = `${String(schema)}.${String(name)}`;
    const found = await query(url, `SELECT to_jsonb(t) AS row FROM "${String(schema)}"."${String(name)}" t`);
    for (const { row } of found) {
      const kept = Object.entries(row as object).filter(([column]) => !DIFFERS.test(column));
      rows.push(`row ${table} ${JSON.stringify(Object.fromEntries(kept))}`);
    }
  }
  return [...structure, ...rows.sort()];
};
