import type { Session } from './connect.ts';
import { sqlStateOf } from './server-problem.ts';

/** Both by the server, so that a statement given up does not go on there. */
const LIMITS = "SET LOCAL statement_timeout = '4s'; SET LOCAL lock_timeout = '1s'";

/** Runs what reads in a read-only transaction with these limits, which end with it: a setting of the session would stay behind in a pooler. */
export const withLimits = async <T>(session: Session, read: (session: Session) => Promise<T>): Promise<T> => {
  await session.query(`BEGIN READ ONLY; ${LIMITS}`);
  try {
    return await read(session);
  } finally {
    await session.query('ROLLBACK');
  }
};

/** Runs what reads; null where the server refuses or gives up, e.g. since a catalog is closed to this role. */
export type LimitedQuery = <T>(read: (session: Session) => Promise<T>) => Promise<T | null>;

/** Some poolers hang up on a transaction: `transactions: false` leaves the client's time limit alone to count. */
export const limitedQueries = (
  session: Session,
  { transactions }: { readonly transactions: boolean },
): LimitedQuery => {
  return async (read) => {
    try {
      return await (transactions ? withLimits(session, read) : read(session));
    } catch (error) {
      // Only an answer of the server means "not readable"; a lost connection does not.
      if (sqlStateOf(error) === null) throw error;
      return null;
    }
  };
};
