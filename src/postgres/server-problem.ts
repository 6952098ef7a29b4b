import { isDevsetupError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import type { ConnectionProblem } from './connection-problem.ts';
import { describeTarget, type DatabaseTarget } from './database-target.ts';
import { quoteIdentifier } from './quote-sql.ts';

/** The fields of PostgreSQL's error message that are used here. */
interface ServerError {
  readonly code?: unknown;
  readonly message?: unknown;
  /** The C function that raised it: unlike the message it is not translated. */
  readonly routine?: unknown;
}

/** The five characters of an error that PostgreSQL sent, or of the one behind it (system errors like EPIPE have no digit); null for any other. */
export const sqlStateOf = (error: unknown): string | null => {
  if (isDevsetupError(error)) return error.cause === undefined ? null : sqlStateOf(error.cause);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : null;
};

/**
 * What an error with an SQLSTATE means that came in answer to a connection. The codes are PostgreSQL's (appendix A of its
 * manual); poolers send 08P01 for nearly everything, there the text decides.
 */
export const problemOfServer = (error: unknown, target: DatabaseTarget): ConnectionProblem => {
  const { code, message, routine } = error as ServerError;
  const text = String(message).replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  const place = describeTarget(target);
  const role = target.user === '' ? 'your role' : `role "${target.user}"`;
  switch (code) {
    case '57P03':
      return {
        kind: 'wait',
        code: 'DATABASE_STARTING',
        message: `${place} is starting up or shutting down`,
        hint: HINTS.starting,
      };
    case '57P01':
    case '57P02':
      return { kind: 'wait', code: 'DATABASE_STARTING', message: `${place} is being restarted`, hint: HINTS.starting };
    case '53300':
      return { kind: 'wait', code: 'DATABASE_FULL', message: `${place} has no free connection`, hint: HINTS.full };
    case '28P01':
      return stop(
        'DATABASE_PASSWORD_REJECTED',
        `${place} rejects the password of ${role}, or there is no such role.`,
        passwordHint(target),
      );
    case '28000':
      return routine === 'InitializeSessionUserId'
        ? stop('DATABASE_ROLE_MISSING', `There is no ${role} on the server of ${place}.`, createRole(target.user))
        : stop('DATABASE_ACCESS_DENIED', `${place} does not let ${role} in: ${text}.`, HINTS.access);
    case '3D000':
      return stop(
        'DATABASE_MISSING',
        `There is no database "${target.database}" on the server of ${place}.`,
        `Create it (\`${createdbCommand(target)}\`), or correct the name in DATABASE_URL or DATABASES.`,
      );
    case '42501':
      return stop('DATABASE_ACCESS_DENIED', `${place} does not let ${role} connect: ${text}.`, grantConnect(target));
  }
  if (typeof code === 'string' && /^(08|53)/.test(code)) {
    if (/no such database|database .* does not exist/i.test(text)) {
      return stop(
        'DATABASE_MISSING',
        `There is no database "${target.database}" behind ${place}.`,
        createBehind(target),
      );
    }
    if (/password|authentication|no such user/i.test(text)) {
      return stop('DATABASE_PASSWORD_REJECTED', `${place} rejects ${role}: ${text}.`, passwordHint(target));
    }
    return { kind: 'wait', code: 'DATABASE_UNREACHABLE', message: `${place} answers: ${text}`, hint: HINTS.starting };
  }
  return stop(
    'DATABASE_CONNECTION_REFUSED',
    `${place} refuses the connection: ${text} (SQLSTATE ${String(code)}).`,
    HINTS.other,
  );
};

const stop = (code: string, message: string, hint: string): ConnectionProblem => ({
  kind: 'stop',
  code,
  message,
  hint,
});

const HINTS = {
  starting: "Read the server's log.",
  full: 'Close other programs that use this server, or raise its max_connections.',
  access:
    "Allow this host, user and database in the server's pg_hba.conf; if it asks for encryption, set sslmode=require.",
  other: 'The message above is the server’s own.',
} as const;

export interface PasswordFacts {
  /** What the password was read from: `DB_PASSWORD in .env:3`. */
  readonly source?: string | undefined;
  /** The compose service that the server is. */
  readonly service?: string | undefined;
}

/** What changes the server keeps its data; where the settings are wrong, it is not needed. */
export const passwordHint = ({ user }: DatabaseTarget, { source, service }: PasswordFacts = {}): string => {
  const correct =
    source === undefined
      ? 'Correct user and password in DATABASE_URL or DATABASES.'
      : `The password comes from ${source}: correct it there, or the user in DATABASES.`;
  const kept =
    service === undefined
      ? ''
      : `: the volume of the compose service ${service} keeps the one it was first started with`;
  return `${correct} If they are right, the server has another password${kept}. Change it as a superuser of the server: ALTER ROLE ${quoteIdentifier(user)} PASSWORD '…';`;
};
const createRole = (user: string): string =>
  `Create it as a superuser: CREATE ROLE ${quoteIdentifier(user)} LOGIN CREATEDB PASSWORD '…'; or correct the user in DATABASE_URL or DATABASES.`;
/** Without the password: the program asks for it. */
export const createdbCommand = ({ host, port, user, database }: DatabaseTarget): string => {
  const place = Object.entries({ host, port, username: user }).filter(([, value]) => value !== '');
  return `createdb ${[...place.flatMap(([name, value]) => [`--${name}`, `${value}`]), database].map(shellWord).join(' ')}`;
};

/** Not by the pooler: it answers for no database but those that it knows. */
const createBehind = (target: DatabaseTarget): string =>
  `Create it on the server: CREATE DATABASE ${quoteIdentifier(target.database)}; or correct the name in DATABASE_URL or DATABASES.`;
const grantConnect = (target: DatabaseTarget): string =>
  `As its owner: GRANT CONNECT ON DATABASE ${quoteIdentifier(target.database)} TO ${quoteIdentifier(target.user)};`;
