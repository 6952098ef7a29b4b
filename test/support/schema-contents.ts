type Sql = (text: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;

/** Every table of a schema with its columns and rows; when a migration was recorded does not count. */
export const contentsOf = async (
  sql: Sql,
  schema: string,
): Promise<Readonly<Record<string, { readonly columns: readonly unknown[]; readonly rows: readonly unknown[] }>>> => {
  const tables = await sql('SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 ORDER BY 1', [schema]);
  const found = [];
  for (const { name } of tables) {
    const columns = await sql(
      `SELECT column_name, data_type, is_nullable FROM information_schema.columns
       WHERE table_schema = $1 AND table_name = $2 ORDER BY 1`,
      [schema, name],
    );
    const rows = await sql(
      `SELECT to_jsonb(t) - 'applied' AS row FROM "${schema}"."${String(name)}" t ORDER BY to_jsonb(t)::text`,
    );
    found.push([String(name), { columns, rows: rows.map(({ row }) => row) }] as const);
  }
  return Object.fromEntries(found);
};
