import type { Session } from './connect.ts';

export interface SchemaFacts {
  readonly name: string;
  /** The role may create tables in it. */
  readonly canCreate: boolean;
  /** Tables and partitioned tables: what pg_dump locks. */
  readonly tables: number;
  /** Tables with their indexes, sequences, views and TOAST tables: the least that dropping the schema locks. */
  readonly relations: number;
  /** The owner of its django_migrations, if the role has not the rights of an owner; else null. */
  readonly foreignOwner: string | null;
}

// A TOAST table lies in pg_toast and brings one index.
const SQL = `
  SELECT n.nspname AS name, has_schema_privilege(n.oid, 'CREATE') AS "canCreate",
    coalesce(c.tables, 0)::int AS tables, coalesce(c.relations, 0)::int AS relations, c.owner AS "foreignOwner"
  FROM pg_namespace n LEFT JOIN (
    SELECT relnamespace,
      count(*) FILTER (WHERE relkind IN ('r', 'p')) AS tables,
      count(*) + 2 * count(*) FILTER (WHERE reltoastrelid <> 0) AS relations,
      max(pg_get_userbyid(relowner)::text)
        FILTER (WHERE relname = 'django_migrations' AND relkind = 'r' AND NOT pg_has_role(relowner, 'USAGE')) AS owner
    FROM pg_class WHERE relkind IN ('r', 'p', 'i', 'I', 'S', 'm', 'v') GROUP BY relnamespace
  ) c ON c.relnamespace = n.oid
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  ORDER BY n.nspname`;

/** All schemas but the system's. */
export const readSchemas = (session: Session): Promise<readonly SchemaFacts[]> =>
  session.query<SchemaFacts & Record<string, unknown>>(SQL);
