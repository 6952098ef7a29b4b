/**
 * `inputs` {username: string | null, schemas: string[] | null}: what this start of Django and its answers depended on. Paths are
 * absolute and as they were asked for, not normalised.
 */
export interface Inputs {
  /** What was opened, imported or asked about, found or not; and what installers left of each distribution. */
  readonly files: readonly string[];
  /** What was opened for writing and not for reading: a log. */
  readonly written: readonly string[];
  /** Folders whose names were listed, or in which modules are searched. */
  readonly listed: readonly string[];
  /** Folders that were listed together with what their entries are; and those where distributions are installed. */
  readonly scanned: readonly string[];
  /** Packages that are neither installed nor Python's: with all that is in them. */
  readonly trees: readonly string[];
  /** Environment variables that were looked up, set or not; null: all of them. */
  readonly variables: readonly string[] | null;
  /** Sentences without a full stop: what was done whose result cannot be compared. */
  readonly obstacles: readonly string[];
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
