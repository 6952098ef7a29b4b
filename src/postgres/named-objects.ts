import { DevsetupError, messageOf } from '../core/errors.ts';
import { withClient, type ConnectOptions } from './connect.ts';
import type { DatabaseTarget } from './database-target.ts';
import { quoteIdentifier } from './quote-sql.ts';
import { sqlStateOf } from './server-problem.ts';

/** What settings name and neither Django nor django-tenants creates. */
export interface NamedObjects {
  /** Needed in any database: schemas that every connection of a tenant searches, a public schema of another name. */
  readonly schemas: readonly string[];
  /** Of the connection's own `search_path`: where a fresh database gets its tables. */
  readonly searchPath: readonly string[];
  /** The role that connections change to. */
  readonly role: string | null;
}

export interface MissingObjects {
  readonly schemas: readonly string[];
  readonly role: string | null;
  readonly mayCreate: boolean;
  /** It has tables of Django: what is missing has not kept it from working so far. */
  readonly isMigrated: boolean;
}

interface Facts extends Record<string, unknown> {
  readonly schemas: readonly string[];
  readonly role: boolean;
  readonly isMigrated: boolean;
  readonly mayCreateSchema: boolean;
  readonly mayCreateRole: boolean;
}

const SQL = `
  SELECT array(SELECT s FROM unnest($1::text[]) s WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = s)) AS schemas,
    $2::text IS NOT NULL AND NOT EXISTS (SELECT FROM pg_roles WHERE rolname = $2) AS role,
    EXISTS (SELECT FROM pg_class WHERE relname = 'django_migrations' AND relkind IN ('r', 'p')) AS "isMigrated",
    has_database_privilege(current_database(), 'CREATE') AS "mayCreateSchema",
    EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND (rolcreaterole OR rolsuper)) AS "mayCreateRole"`;

/** The names in libpq's `options`, e.g. `-c search_path=app,public -c role=web`; `"$user"` and system schemas are left out. */
export const parseStartOptions = (options: string): Pick<NamedObjects, 'searchPath' | 'role'> => {
  const words = [...options.matchAll(/(?:\\.|[^\s\\])+/g)].map(([word]) => word.replaceAll(/\\(.)/g, '$1'));
  const values = new Map<string, string>();
  for (const [index, word] of words.entries()) {
    const setting = word === '-c' ? words[index + 1] : /^(?:-c|--)(.+)$/.exec(word)?.[1];
    const [, name, value] = /^([\w-]+)=(.*)$/s.exec(setting ?? '') ?? [];
    if (name !== undefined && value !== undefined) values.set(name.replaceAll('-', '_').toLowerCase(), value);
  }
  const role = values.get('role');
  return {
    searchPath: splitIdentifiers(values.get('search_path') ?? '').filter(
      (name) => name !== '$user' && isOwnSchema(name),
    ),
    role: role === undefined || role === '' || role === 'none' ? null : role,
  };
};

/** Not one that is in every database. */
export const isOwnSchema = (name: string): boolean => name !== 'public' && name !== '' && !name.startsWith('pg_');

/** Quoted names keep their letters, others are lower case, as PostgreSQL reads a search path. */
const splitIdentifiers = (text: string): readonly string[] =>
  [...text.matchAll(/"((?:[^"]|"")+)"|([^\s,"]+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '').toLowerCase() : quoted.replaceAll('""', '"'),
  );

/** null: everything is there, or nothing is named. */
export const findMissingObjects = async (
  target: DatabaseTarget,
  named: NamedObjects,
  options: ConnectOptions = {},
): Promise<MissingObjects | null> => {
  const all = [...new Set([...named.schemas, ...named.searchPath])];
  if (all.length === 0 && named.role === null) return null;
  const [facts] = await withClient(target, (session) => session.query<Facts>(SQL, [all, named.role]), options);
  if (facts === undefined) return null;
  // Where tables are already, a new first schema of the search path would be where the next ones go.
  const schemas = facts.schemas.filter((name) => named.schemas.includes(name) || !facts.isMigrated);
  const role = facts.role ? named.role : null;
  if (schemas.length === 0 && role === null) return null;
  return {
    schemas,
    role,
    isMigrated: facts.isMigrated,
    mayCreate: (schemas.length === 0 || facts.mayCreateSchema) && (role === null || facts.mayCreateRole),
  };
};

/** What creates them, in order. Connections that change to a role act with its rights only. */
export const creationStatements = (
  target: DatabaseTarget,
  { schemas, role }: Pick<MissingObjects, 'schemas' | 'role'>,
  actsAs: string | null,
): readonly string[] => [
  ...(role === null
    ? []
    : [
        `CREATE ROLE ${quoteIdentifier(role)}`,
        `GRANT ${quoteIdentifier(role)} TO ${quoteIdentifier(target.user)}`,
        `GRANT CREATE ON DATABASE ${quoteIdentifier(target.database)} TO ${quoteIdentifier(role)}`,
        `GRANT USAGE, CREATE ON SCHEMA public TO ${quoteIdentifier(role)}`,
      ]),
  ...schemas.flatMap((name) => [
    `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(name)}`,
    ...(actsAs === null
      ? []
      : [`GRANT USAGE, CREATE ON SCHEMA ${quoteIdentifier(name)} TO ${quoteIdentifier(actsAs)}`]),
  ]),
];

/** For statements that this role may not execute. */
export const superuserHint = (target: DatabaseTarget, statements: readonly string[]): string =>
  `As a superuser, in the database ${target.database}: ${statements.map((statement) => `${statement};`).join(' ')}`;

/** All or none. */
export const createObjects = (
  target: DatabaseTarget,
  statements: readonly string[],
  options: ConnectOptions = {},
): Promise<void> =>
  withClient(
    target,
    async (session) => {
      try {
        await session.query('BEGIN');
        for (const statement of statements) await session.query(statement);
        await session.query('COMMIT');
      } catch (error) {
        if (sqlStateOf(error) !== '42501') throw error;
        throw new DevsetupError({
          code: 'DATABASE_OBJECT_MISSING',
          message: `Role "${target.user}" may not create what the settings name: ${messageOf(error)}.`,
          hint: superuserHint(target, statements),
          cause: error,
        });
      }
    },
    options,
  );
