import { companionErrorOf } from '../django/companion-errors.ts';
import type { CompanionError } from '../django/protocol.ts';

type Facts = Pick<CompanionError, 'data'> | null;

/** serialization_failure, deadlock_detected: the server ends one of two transactions so that the other can continue. */
const VICTIMS = ['40001', '40P01'];
const UNIQUE_VIOLATION = '23505';
const INTERNAL_ERROR = 'XX000';

/**
 * What the server says when another session changed or removed the same catalogue entry meanwhile. Only its own catalogues are written
 * and read in the way that raises these; rows of a table never are.
 */
const CHANGED_MEANWHILE =
  /^(tuple concurrently (updated|deleted)|cache lookup failed for |could not open relation with OID )/;

/** object, schema, function, relation: it already exists. */
const ALREADY_THERE = ['42710', '42P06', '42723', '42P07'];

/**
 * Whether two sessions changed the same catalogue entry, or waited for each other: the statement is right, and passes when it is
 * repeated. `CREATE … IF NOT EXISTS`, `CREATE OR REPLACE`, `GRANT`, `COMMENT ON` and the like fail so when two tenants run them at
 * once. A unique violation counts only in a system catalogue, never in a table.
 */
export const isCollision = (error: Facts): boolean => {
  const { sqlstate, catalogue, internal } = error?.data ?? {};
  if (sqlstate === UNIQUE_VIOLATION) return typeof catalogue === 'string';
  if (sqlstate === INTERNAL_ERROR) return typeof internal === 'string' && CHANGED_MEANWHILE.test(internal);
  return isVictim(error);
};

/** The server ended the transaction for the sake of another one: this cannot be the fault of the statement. */
export const isVictim = (error: Facts): boolean => VICTIMS.includes(String(error?.data['sqlstate']));

/**
 * Whether the error may come from a collision: between the check that an object is missing and its creation, another session created
 * it. The same error is final where the object was there all along.
 */
export const mayBeCollision = (error: Facts): boolean => ALREADY_THERE.includes(String(error?.data['sqlstate']));

/** The same of what a request rejected with. */
export const isCollisionError = (error: unknown): boolean => isCollision(companionErrorOf(error));

/** e.g. `collided with another session in pg_proc`. */
export const describeCollision = (error: Facts): string => {
  const catalogue = error?.data['catalogue'];
  return `collided with another session${typeof catalogue === 'string' ? ` in ${catalogue}` : ''}`;
};

export const collisionHint =
  'Another session changed the same entry of a system catalogue. If something else migrates this database, wait for it to end.';
