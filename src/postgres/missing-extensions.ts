import { withClient, type ConnectOptions } from './connect.ts';
import type { DatabaseTarget } from './database-target.ts';
import { quoteIdentifier } from './quote-sql.ts';
import { readExtensions } from './server-extensions.ts';

export interface MissingExtension {
  readonly name: string;
  /** Its files are on the server. */
  readonly isAvailable: boolean;
  /** This role may create it. */
  readonly mayCreate: boolean;
  /** It is installed in this schema, where Django does not search for types; null: not installed. */
  readonly schema: string | null;
}

interface Facts extends Record<string, unknown> {
  readonly version: number;
  readonly isSuperuser: boolean;
  readonly mayCreateTrusted: boolean;
  readonly schemas: Readonly<Record<string, string>>;
  readonly searched: readonly string[];
}

const SQL = `
  SELECT current_setting('server_version_num')::int AS version,
    (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS "isSuperuser",
    has_database_privilege(current_database(), 'CREATE') AS "mayCreateTrusted",
    (SELECT coalesce(jsonb_object_agg(extname, nspname), '{}') FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace) AS schemas,
    current_schemas(true)::text[] AS searched`;

/** Of these extensions, what the database lacks or Django cannot reach. `searchPath`: the schemas of Django's connections; empty: the role's own. */
export const findMissingExtensions = (
  target: DatabaseTarget,
  names: readonly string[],
  searchPath: readonly string[],
  options: ConnectOptions = {},
): Promise<readonly MissingExtension[]> =>
  withClient(
    target,
    async (session) => {
      const [facts] = await session.query<Facts>(SQL);
      if (facts === undefined) return [];
      const searched = ['pg_catalog', ...(searchPath.length === 0 ? facts.searched : searchPath)];
      const absent = names.filter((name) => !searched.includes(facts.schemas[name] ?? ''));
      if (absent.length === 0) return [];
      const { available, trusted, isManaged } = await readExtensions(session, facts.version);
      return absent.map((name) => ({
        name,
        isAvailable: available.includes(name),
        mayCreate: facts.isSuperuser || isManaged || (facts.mayCreateTrusted && trusted.includes(name)),
        schema: facts.schemas[name] ?? null,
      }));
    },
    options,
  );

export const extensionStatement = (name: string, schema: string | null): string =>
  `CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(name)}${schema === null ? '' : ` WITH SCHEMA ${quoteIdentifier(schema)}`}`;
