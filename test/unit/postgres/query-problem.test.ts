import { describe, expect, it } from 'vitest';

import { queryError, queryProblem } from '../../../src/postgres/query-problem.ts';
import { sqlStateOf } from '../../../src/postgres/server-problem.ts';
import { targetOf } from '../../support/database-target.ts';

const target = targetOf('postgres://ann:Geheim@db:5432/app');
const failure = (code: string | undefined, message = 'no luck.'): Error =>
  Object.assign(new Error(message), code === undefined ? {} : { code });

/** Kinds of errors that the driver may reject a query with: SQLSTATEs of appendix A, and those of the network. */
const KINDS: Readonly<Record<string, readonly [string | undefined, string, string?]>> = {
  lock_not_available: ['55P03', 'DATABASE_ERROR'],
  deadlock_detected: ['40P01', 'DATABASE_ERROR'],
  object_in_use: ['55006', 'DATABASE_ERROR'],
  too_many_connections: ['53300', 'DATABASE_FULL'],
  insufficient_privilege: ['42501', 'DATABASE_ACCESS_DENIED'],
  admin_shutdown: ['57P01', 'DATABASE_STARTING'],
  crash_shutdown: ['57P02', 'DATABASE_STARTING'],
  cannot_connect_now: ['57P03', 'DATABASE_STARTING'],
  connection_failure: ['08006', 'DATABASE_UNREACHABLE'],
  protocol_violation: ['08P01', 'DATABASE_UNREACHABLE'],
  read_only_sql_transaction: ['25006', 'DATABASE_ERROR'],
  undefined_table: ['42P01', 'DATABASE_ERROR'],
  syntax_error: ['42601', 'DATABASE_ERROR'],
  query_canceled: ['57014', 'DATABASE_ERROR'],
  disk_full: ['53100', 'DATABASE_ERROR'],
  out_of_memory: ['53200', 'DATABASE_ERROR'],
  unique_violation: ['23505', 'DATABASE_ERROR'],
  io_error: ['58030', 'DATABASE_ERROR'],
  data_corrupted: ['XX001', 'DATABASE_ERROR'],
  'a state of an extension': ['ZX999', 'DATABASE_ERROR'],
  'connection reset': ['ECONNRESET', 'DATABASE_UNREACHABLE'],
  'broken pipe': ['EPIPE', 'DATABASE_UNREACHABLE'],
  'network timeout': ['ETIMEDOUT', 'DATABASE_UNREACHABLE'],
  'host unreachable': ['EHOSTUNREACH', 'DATABASE_UNREACHABLE'],
  'connection ended': [undefined, 'DATABASE_UNREACHABLE', 'Connection terminated unexpectedly'],
  'the time limit of the driver': [undefined, 'DATABASE_ERROR', 'Query read timeout'],
};

describe('the failure of a query', () => {
  it.each(Object.entries(KINDS))('%s is an expected error with advice', (_name, [state, code, message]) => {
    const error = queryError(failure(state, message), target);
    expect(error).toMatchObject({ code, exitCode: 1 });
    expect(error.message).toMatch(/db:5432\/app.*\.$/);
    expect(error.hint).not.toBe('');
    expect(`${error.message} ${error.hint}`).not.toMatch(/Geheim|\.\.|\bundefined\b/);
  });

  it('keeps the state of the server for code that acts on it', () => {
    expect(sqlStateOf(queryError(failure('55006'), target))).toBe('55006');
    expect(sqlStateOf(queryError(failure('ECONNRESET'), target))).toBeNull();
  });

  it('is worth another try only where the server went away', () => {
    const kinds = Object.values(KINDS).map(([state, , message]) => queryProblem(failure(state, message), target));
    const codes = new Set(kinds.filter(({ kind }) => kind === 'wait').map(({ code }) => code));
    expect(codes).toEqual(new Set(['DATABASE_FULL', 'DATABASE_STARTING', 'DATABASE_UNREACHABLE']));
  });
});
