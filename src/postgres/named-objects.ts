import { DevsetupError } from '../core/errors.ts';
import { withClient, type ConnectOptions } from './connect.ts';
import type { DatabaseTarget } from './database-target.ts';
import { serverWords } from './query-problem.ts';
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
  /** null: connections can change to the role, or none is named. */
  readonly role: RoleLack | null;
  readonly mayCreate: boolean;
  /** It has tables of Django: what is missing has not kept it from working so far. */
  readonly isMigrated: boolean;
}

/** Why connections cannot change to the role, or can do nothing in an empty database once they have. */
export interface RoleLack {
  readonly name: string;
  readonly exists: boolean;
  /** The login role may change to it. */
  readonly isGranted: boolean;
  /** It is a member of it, with the right to change to it or without. */
  readonly isMember: boolean;
  /** It may create tables where the first ones go; true where that cannot be told. */
  readonly hasRights: boolean;
}

interface Facts extends Record<string, unknown> {
  readonly schemas: readonly string[];
  /** null: there is no such role. */
  readonly isGranted: boolean | null;
  readonly isMember: boolean | null;
  readonly mayUsePublic: boolean;
  readonly isMigrated: boolean;
  readonly mayCreateSchema: boolean;
  readonly mayCreateRole: boolean;
  readonly mayGrantRole: boolean;
  readonly mayGrantRights: boolean;
}

// Since version 16 a member may be without the right to change to its role, and CREATEROLE alone grants no other role (GRANT in the manual).
const SQL = `
  WITH me AS (SELECT * FROM pg_roles WHERE rolname = current_user), wanted AS (SELECT * FROM pg_roles WHERE rolname = $2),
  server AS (SELECT current_setting('server_version_num')::int >= 160000 AS "is16"),
  public AS (SELECT * FROM pg_namespace WHERE nspname = 'public')
  SELECT array(SELECT s FROM unnest($1::text[]) s WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = s)) AS schemas,
    (SELECT pg_has_role(session_user, wanted.oid, CASE WHEN "is16" THEN 'SET' ELSE 'MEMBER' END) FROM wanted, server) AS "isGranted",
    (SELECT pg_has_role(session_user, wanted.oid, 'MEMBER') FROM wanted) AS "isMember",
    NOT EXISTS (SELECT FROM wanted, public WHERE NOT has_schema_privilege(wanted.oid, public.oid, 'CREATE')) AS "mayUsePublic",
    EXISTS (SELECT FROM pg_class WHERE relname = 'django_migrations' AND relkind IN ('r', 'p')) AS "isMigrated",
    has_database_privilege(current_database(), 'CREATE') AS "mayCreateSchema",
    EXISTS (SELECT FROM me WHERE rolcreaterole OR rolsuper) AS "mayCreateRole",
    EXISTS (SELECT FROM me, wanted, server WHERE pg_has_role(me.oid, wanted.oid, 'MEMBER WITH ADMIN OPTION')
      OR (NOT "is16" AND me.rolcreaterole AND NOT wanted.rolsuper)) AS "mayGrantRole",
    has_database_privilege(current_database(), 'CREATE WITH GRANT OPTION')
      AND EXISTS (SELECT FROM public WHERE has_schema_privilege(public.oid, 'CREATE WITH GRANT OPTION')) AS "mayGrantRights"`;

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
  const role = roleLack(named, facts);
  if (schemas.length === 0 && role === null) return null;
  return {
    schemas,
    role,
    isMigrated: facts.isMigrated,
    mayCreate: (schemas.length === 0 || facts.mayCreateSchema) && (role === null || mayComplete(role, facts)),
  };
};

const roleLack = ({ role: name, searchPath }: NamedObjects, facts: Facts): RoleLack | null => {
  if (name === null) return null;
  const exists = facts.isGranted !== null;
  const isGranted = facts.isGranted === true;
  // With a search path of its own, the first tables may go to a schema that says nothing of `public`.
  const hasRights = exists && (facts.isMigrated || searchPath.length > 0 || facts.mayUsePublic);
  return isGranted && hasRights ? null : { name, exists, isGranted, isMember: facts.isMember === true, hasRights };
};

const mayComplete = ({ exists, isGranted, hasRights }: RoleLack, facts: Facts): boolean =>
  exists ? (isGranted || facts.mayGrantRole) && (hasRights || facts.mayGrantRights) : facts.mayCreateRole;

/** What creates them, in order. Connections that change to a role act with its rights only. */
export const creationStatements = (
  target: DatabaseTarget,
  { schemas, role }: Pick<MissingObjects, 'schemas' | 'role'>,
  actsAs: string | null,
): readonly string[] => [
  ...(role === null ? [] : roleStatements(target, role)),
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

const roleStatements = (target: DatabaseTarget, lack: RoleLack): readonly string[] => [
  ...(lack.exists ? [] : [`CREATE ROLE ${quoteIdentifier(lack.name)}`]),
  // Granted once more by the same role, a membership keeps the options that are not named.
  ...(lack.isGranted
    ? []
    : [
        `GRANT ${quoteIdentifier(lack.name)} TO ${quoteIdentifier(target.user)}${lack.isMember ? ' WITH SET TRUE' : ''}`,
      ]),
  ...(lack.hasRights
    ? []
    : [
        `GRANT CREATE ON DATABASE ${quoteIdentifier(target.database)} TO ${quoteIdentifier(lack.name)}`,
        `GRANT USAGE, CREATE ON SCHEMA public TO ${quoteIdentifier(lack.name)}`,
      ]),
];

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
          message: `Role "${target.user}" may not create or grant what the settings name: ${serverWords(error)}.`,
          hint: superuserHint(target, statements),
          cause: error,
        });
      }
    },
    options,
  );
