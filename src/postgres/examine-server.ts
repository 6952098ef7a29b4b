import { isDevsetupError } from '../core/errors.ts';
import { MIGRATION_LOCK } from './advisory-lock.ts';
import { withClient, type ConnectOptions, type Session } from './connect.ts';
import type { DatabaseTarget } from './database-target.ts';
import { limitedQueries } from './limited-query.ts';
import { findLockHolder, type LockHolder } from './lock-holder.ts';
import { detectTransactionPooler } from './pooler.ts';
import { readExtensions, type ServerExtensions } from './server-extensions.ts';
import { factsOfSession } from './server-facts.ts';
import { readSchemas, type SchemaFacts } from './server-schemas.ts';
import { readTransactions, type OpenTransaction } from './server-transactions.ts';

/**
 * What sessions of this role can learn of the server, the database and the role, without changing anything. null: the server does not
 * let this role see it.
 */
export interface ServerExamination {
  /** e.g. `16.4` */
  readonly serverVersion: string;
  /** `server_version_num`, e.g. 160004. */
  readonly serverVersionNumber: number;
  /** `server_encoding`, e.g. `UTF8` */
  readonly encoding: string;
  readonly role: string;
  readonly isSuperuser: boolean;
  /** New schemas, and trusted extensions, in this database. */
  readonly canCreateSchema: boolean;
  /** Where tables come to lie without a schema in their name; null: no schema of the search path exists. */
  readonly currentSchema: string | null;
  readonly maxConnections: number;
  readonly maxLocksPerTransaction: number;
  readonly maxPreparedTransactions: number;
  /** For this role, in this database; never negative. */
  readonly freeConnections: number | null;
  readonly schemas: readonly SchemaFacts[] | null;
  readonly extensions: ServerExtensions | null;
  /** Of this database, the longest first. */
  readonly transactions: readonly OpenTransaction[] | null;
  /** Who holds devsetup's migration lock; null: nobody. */
  readonly lockHolder: LockHolder | null;
  /** What gave a pooler in transaction mode away; null: none was found. */
  readonly pooler: string | null;
}

const BASICS = `
  SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
    current_setting('server_encoding') AS encoding, current_user::text AS role, current_schema()::text AS schema,
    coalesce((SELECT rolsuper FROM pg_roles WHERE rolname = current_user), false) AS super,
    has_database_privilege(current_database(), 'CREATE') AS "createSchema",
    current_setting('max_connections')::int AS connections,
    current_setting('max_locks_per_transaction')::int AS locks,
    current_setting('max_prepared_transactions')::int AS prepared`;

interface Basics extends Record<string, unknown> {
  readonly version: string;
  readonly number: number;
  readonly encoding: string;
  readonly role: string;
  readonly schema: string | null;
  readonly super: boolean;
  readonly createSchema: boolean;
  readonly connections: number;
  readonly locks: number;
  readonly prepared: number;
}

/** Longer than the server's own limit in limited-query, which is the one to count. */
const QUERY_MILLISECONDS = 6_000;

/** @throws DevsetupError where the server does not let us in (see connection-problem) */
export const examineServer = async (
  target: DatabaseTarget,
  options: ConnectOptions = {},
): Promise<ServerExamination> => {
  const limited = { queryMilliseconds: QUERY_MILLISECONDS, ...options };
  // A second session that the server has no room for leaves open what the first would have shown.
  const pooler = await detectTransactionPooler(target, limited).catch((error: unknown) => {
    if (isDevsetupError(error) && error.code !== 'DATABASE_FULL') throw error;
    return null;
  });
  const facts = await withClient(target, (session) => ask(session, pooler !== null), limited);
  return { ...facts, pooler: pooler?.evidence ?? null };
};

const ask = async (session: Session, isPooled: boolean): Promise<Omit<ServerExamination, 'pooler'>> => {
  const limited = limitedQueries(session, { transactions: !isPooled });
  const [basics] = await session.query<Basics>(BASICS);
  if (basics === undefined) throw new Error('the server answered nothing');
  const connections = await limited(factsOfSession);
  return {
    // Distributions append their own version in parentheses.
    serverVersion: basics.version.replace(/ .*/, ''),
    serverVersionNumber: basics.number,
    encoding: basics.encoding,
    role: basics.role,
    isSuperuser: basics.super,
    canCreateSchema: basics.createSchema,
    currentSchema: basics.schema,
    maxConnections: basics.connections,
    maxLocksPerTransaction: basics.locks,
    maxPreparedTransactions: basics.prepared,
    freeConnections: connections?.freeConnections ?? null,
    schemas: await limited(readSchemas),
    extensions: await limited((of) => readExtensions(of, basics.number)),
    transactions: await limited(readTransactions),
    lockHolder: await limited((of) => findLockHolder(of, MIGRATION_LOCK)),
  };
};
