import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import { withClient, type ConnectOptions, type Session } from './connect.ts';
import { describeTarget, type DatabaseTarget } from './database-target.ts';
import { quoteIdentifier } from './quote-sql.ts';
import { serverWords } from './query-problem.ts';
import { sqlStateOf } from './server-problem.ts';

export interface CreateOptions extends ConnectOptions {
  /** Where to connect to while the target does not exist. Default: `postgres`, then `template1`. */
  readonly maintenanceDatabase?: string | undefined;
}

/** Copying a template that was filled takes its time. */
const CREATE_MILLISECONDS = 120_000;
const TEMPLATE_BUSY_ATTEMPTS = 5;

export const databaseExists = (target: DatabaseTarget, options: CreateOptions = {}): Promise<boolean> =>
  withMaintenance(target, options, async (session) => {
    const rows = await session.query('SELECT 1 FROM pg_database WHERE datname = $1', [target.database]);
    return rows.length > 0;
  });

/** Whether the target's role may create databases. */
export const mayCreateDatabases = (target: DatabaseTarget, options: CreateOptions = {}): Promise<boolean> =>
  withMaintenance(target, options, async (session) => {
    const rows = await session.query('SELECT FROM pg_roles WHERE rolname = current_user AND (rolcreatedb OR rolsuper)');
    return rows.length > 0;
  });

/**
 * Creates the database, owned by the target's user. One that is there, or that another process creates at this moment, is fine:
 * the answer says whether this call made it. Throws `DATABASE_CREATE_DENIED` with the SQL for somebody who may.
 */
export const createDatabase = (target: DatabaseTarget, options: CreateOptions = {}): Promise<'created' | 'exists'> =>
  withMaintenance(target, { queryMilliseconds: CREATE_MILLISECONDS, ...options }, async (session) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await session.query(`CREATE DATABASE ${quoteIdentifier(target.database)}`);
        return 'created';
      } catch (error) {
        const state = sqlStateOf(error);
        // 42P04: it is there. 23505: two processes created it at the same time, and the other one was first.
        if (state === '42P04' || state === '23505') return 'exists';
        if (state === '42501') throw createDenied(target, error);
        if (state !== '55006') throw error;
        // Another session is connected to the template, which often lasts a moment only.
        if (attempt === TEMPLATE_BUSY_ATTEMPTS) throw await templateBusy(session, target, error);
        await session.query('SELECT pg_sleep(0.3)');
      }
    }
  });

const templateBusy = async (session: Session, target: DatabaseTarget, cause: unknown): Promise<DevsetupError> => {
  const sessions = await session.query<{ pid: number; name: string }>(
    "SELECT pid, coalesce(nullif(application_name, ''), 'a session') AS name FROM pg_stat_activity WHERE datname = 'template1' AND pid <> pg_backend_pid() ORDER BY pid",
  );
  const names = sessions.map(({ pid, name }) => `${name} (server process ${pid})`).join(', ');
  return new DevsetupError({
    code: 'DATABASE_ERROR',
    message: `The database ${describeTarget(target)} cannot be created while another session is connected to template1, which PostgreSQL copies: ${names || serverWords(cause)}.`,
    hint: `Close that session${sessions[0] === undefined ? '' : ` (SELECT pg_terminate_backend(${sessions[0].pid}); ends it)`}, then run devsetup again.`,
    cause,
  });
};

const withMaintenance = async <T>(
  target: DatabaseTarget,
  options: CreateOptions,
  fn: (session: Session) => Promise<T>,
): Promise<T> => {
  const { maintenanceDatabase, ...connect } = options;
  if (maintenanceDatabase !== undefined) return withClient({ ...target, database: maintenanceDatabase }, fn, connect);
  try {
    return await withClient({ ...target, database: 'postgres' }, fn, connect);
  } catch (error) {
    const closed = isDevsetupError(error) && ['DATABASE_MISSING', 'DATABASE_ACCESS_DENIED'].includes(error.code);
    if (!closed) throw error;
    return withClient({ ...target, database: 'template1' }, fn, connect);
  }
};

/** What keeps the role from creating it, and the SQL for somebody who may. */
export const createDenied = (target: DatabaseTarget, cause?: unknown): DevsetupError => {
  const [database, user] = [quoteIdentifier(target.database), quoteIdentifier(target.user)];
  return new DevsetupError({
    code: 'DATABASE_CREATE_DENIED',
    message: `Role "${target.user}" may not create the database ${describeTarget(target)}: it lacks CREATEDB.`,
    hint: `As a superuser: CREATE DATABASE ${database} OWNER ${user}; or once and for all: ALTER ROLE ${user} CREATEDB;`,
    cause,
  });
};
