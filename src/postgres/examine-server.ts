import type { ConnectOptions } from './connect.ts';
import type { DatabaseTarget } from './database-target.ts';

/** What one session can learn of the server, the database and the role, without changing anything. */
export interface ServerExamination {
  /** e.g. `16.4` */
  readonly serverVersion: string;
  /** `server_version_num`, e.g. 160004. */
  readonly serverVersionNumber: number;
  /** e.g. `UTF8` */
  readonly encoding: string;
  readonly role: string;
  readonly isSuperuser: boolean;
  readonly canCreateSchema: boolean;
  /** In the schema `public`. */
  readonly canCreateInPublic: boolean;
  readonly maxConnections: number;
  /** For this role, in this database; never negative. */
  readonly freeConnections: number;
  readonly maxLocksPerTransaction: number;
  readonly maxPreparedTransactions: number;
  /** Tables (with partitions and indexes as locks count them) by schema, without the system's. */
  readonly relationsBySchema: Readonly<Record<string, number>>;
  readonly installedExtensions: readonly string[];
  readonly availableExtensions: readonly string[];
  /** Those of the available ones a role without superuser rights may create (`trusted`). */
  readonly trustedExtensions: readonly string[];
  /** Sessions of this database in a transaction for longer than a minute, the longest first. */
  readonly longTransactions: readonly LongTransaction[];
  /** Who holds devsetup's migration lock; null: nobody. */
  readonly lockHolder: string | null;
  /** What gave a pooler in transaction mode away; null: none was found. */
  readonly pooler: string | null;
}

export interface LongTransaction {
  readonly pid: number;
  readonly applicationName: string;
  readonly state: string;
  readonly seconds: number;
  /** Sessions that wait for it. */
  readonly blocks: number;
}

/** @throws DevsetupError where the server does not let us in (see connection-problem) */
export const examineServer = (_target: DatabaseTarget, _options: ConnectOptions = {}): Promise<ServerExamination> =>
  Promise.reject(new Error('not written yet'));
