import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';

import { adminUrl, query } from '../../support/postgres.ts';

/**
 * Every file below a folder with a hash of what is in it, to see that nothing was changed. What Python caches of modules it has
 * imported is left out, and folders are known by their files.
 */
export const listFiles = async (directory: string): Promise<Readonly<Record<string, string>>> => {
  const names = await readdir(directory, { recursive: true }).catch(() => []); // Not there: it holds nothing.
  const found: Record<string, string> = {};
  for (const name of names.filter((entry) => !entry.includes('__pycache__')).toSorted()) {
    const file = path.join(directory, name);
    const facts = await lstat(file);
    if (facts.isSymbolicLink()) found[name] = await readlink(file);
    else if (facts.isFile())
      found[name] = createHash('sha256')
        .update(await readFile(file))
        .digest('hex');
  }
  return found;
};

/** Every table of every schema of the project with a hash of its columns and its rows; `null`: there is no such database. */
export const listRows = async (url: string): Promise<Readonly<Record<string, string>> | null> => {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const there = await query(adminUrl(), 'SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (there.length === 0) return null;
  const tables = await query(
    url,
    `SELECT table_schema || '.' || table_name AS name,
            md5(query_to_xml(format('SELECT * FROM %I.%I ORDER BY 1', table_schema, table_name), true, false, '')::text) AS rows,
            (SELECT md5(string_agg(column_name || data_type || is_nullable, ',' ORDER BY ordinal_position))
             FROM information_schema.columns c
             WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name) AS columns
     FROM information_schema.tables t
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const schemas = await query(url, 'SELECT nspname FROM pg_namespace');
  return Object.fromEntries([
    ...schemas.map((schema) => [String(schema['nspname']), 'schema']),
    ...tables.map((table) => [String(table['name']), `${String(table['columns'])} ${String(table['rows'])}`]),
  ]);
};
