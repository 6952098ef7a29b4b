/** `inputs` {username: string | null, schemas: string[] | null}: what this start of Django and its answers depended on. */
export interface Inputs {
  /** Files that were read, or looked for in vain. Python's own and the companion's are left out. */
  readonly files: readonly string[];
  /** Folders in which a new file could change the answers. */
  readonly folders: readonly string[];
  /** Environment variables that were looked up, set or not; null: all of them. */
  readonly variables: readonly string[] | null;
  /** Rows that tell whether tenants, domains and the superuser `username` are still as they were. */
  readonly tables: readonly WatchedTable[];
}

export interface WatchedTable {
  /** null: found by the search path. */
  readonly schema: string | null;
  readonly table: string;
  readonly columns: readonly string[];
  readonly where: { readonly column: string; readonly value: string } | null;
}
