export const DATABASE_SCHEMA_VERSION = 1;

/** The document of `devsetup db start|stop|status|reset --json`. No password in it: `devsetup db url` prints that. */
export interface DatabaseReport {
  readonly schemaVersion: typeof DATABASE_SCHEMA_VERSION;
  readonly command: 'db start' | 'db stop' | 'db status' | 'db reset';
  readonly version: string;
  readonly project: string;
  /** 1 for `db status` where it does not run. */
  readonly exitCode: 0 | 1;
  /** How the server stands now. `unresponsive`: it runs and lets nobody in. */
  readonly state: 'running' | 'starting' | 'unresponsive' | 'stopped';
  /** Whether this command changed it. */
  readonly changed: boolean;
  /** The project's own database on it. */
  readonly database: string;
  /** What follows is null unless it runs. */
  readonly host: string | null;
  readonly port: number | null;
  readonly serverVersion: string | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string | null;
  readonly databases: readonly { readonly name: string; readonly bytes: number }[] | null;
  /** Of the process that keeps it running. */
  readonly pid: number | null;
  /** null: there is no data. */
  readonly dataDirectory: string | null;
  readonly dataBytes: number | null;
  readonly logFile: string;
}
