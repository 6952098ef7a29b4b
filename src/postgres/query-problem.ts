import { DevsetupError, messageOf } from '../core/errors.ts';
import type { ConnectionProblem } from './connection-problem.ts';
import { describeTarget, type DatabaseTarget } from './database-target.ts';
import { problemOfServer, sqlStateOf } from './server-problem.ts';

const SEE_SESSIONS = 'SELECT pid, usename, application_name, state, query FROM pg_stat_activity;';

/** By SQLSTATE (appendix A of PostgreSQL's manual): what it means for a query, and what to do. A state that is not listed has the default. */
const KNOWN: Readonly<Record<string, { readonly what: string; readonly hint: string }>> = {
  '55P03': {
    what: 'another session holds a lock on what devsetup reads',
    hint: `Wait until its transaction has ended, then run devsetup again. It is one of these: ${SEE_SESSIONS}`,
  },
  '40P01': { what: 'two sessions waited for each other', hint: 'Run devsetup again.' },
  '55006': {
    what: 'another session is connected to a database that has to be unused for this',
    hint: `Close it (psql, a database browser, a connection pool), then run devsetup again. It is one of these: ${SEE_SESSIONS}`,
  },
  '57014': {
    what: 'the query was canceled, or took longer than statement_timeout allows',
    hint: 'Run devsetup again; raise statement_timeout of the role or the database if the server is only slow.',
  },
  '53100': { what: 'its disk is full', hint: 'Free space on the disk of the server, then run devsetup again.' },
  '53200': {
    what: 'it is out of memory',
    hint: 'Raise max_locks_per_transaction or the memory of the server, then run devsetup again.',
  },
  '25006': {
    what: 'it only reads: it is a standby, or default_transaction_read_only is on',
    hint: 'Name the primary server in DATABASE_URL or DATABASES.',
  },
};

const REFUSED =
  'The message above is the server’s own. `python manage.py dbshell` opens the database with the same login.';
const LOST = 'Run devsetup again when the database answers: what was done stays done.';
const SLOW = 'The server or the network is overloaded, or another session holds a lock. Run devsetup again.';

/** What a query on an open connection failed with. Pure. */
export const queryProblem = (error: unknown, target: DatabaseTarget): ConnectionProblem => {
  const state = sqlStateOf(error);
  const place = describeTarget(target);
  const text = serverWords(error);
  if (state === null) {
    // pg's own error for its time limit has no code.
    return /timeout/i.test(text)
      ? stop(`${place} did not answer a query in time.`, SLOW)
      : {
          kind: 'wait',
          code: 'DATABASE_UNREACHABLE',
          message: `the connection to ${place} was lost (${text})`,
          hint: LOST,
        };
  }
  // The server, or a pooler, ends the session, or has no room: as at the start of a connection.
  if (/^(?:08|57P0[123]|53300)/.test(state)) return problemOfServer(error, target);
  if (state === '42501') {
    const role = target.user === '' ? 'your role' : `role "${target.user}"`;
    return stop(`${place} does not allow this to ${role}: ${text}.`, REFUSED, 'DATABASE_ACCESS_DENIED');
  }
  const known = KNOWN[state];
  const detail = `${text} (SQLSTATE ${state})`;
  return known === undefined
    ? stop(`${place} refused a query: ${detail}.`, REFUSED)
    : stop(`${place} refused a query, since ${known.what}: ${detail}.`, known.hint);
};

/** The same as an error: no failure of a query leaves devsetup as a bug. Its cause is the driver's error. */
export const queryError = (error: unknown, target: DatabaseTarget): DevsetupError => {
  const { code, message, hint, kind } = queryProblem(error, target);
  const text = kind === 'wait' ? `The database stopped answering: ${message}.` : message;
  return new DevsetupError({ code, message: text, hint, cause: error });
};

/** On one line, without a full stop. */
export const serverWords = (error: unknown): string =>
  messageOf(error instanceof DevsetupError ? error.cause : error)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '');

const stop = (message: string, hint: string, code = 'DATABASE_ERROR'): ConnectionProblem => ({
  kind: 'stop',
  code,
  message,
  hint,
});
