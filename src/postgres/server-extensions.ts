import type { Session } from './connect.ts';

export interface ServerExtensions {
  readonly installed: readonly string[];
  /** On the server, installed in this database or not. */
  readonly available: readonly string[];
  /** Those of the available ones that a role without superuser rights may create; [] before PostgreSQL 13. */
  readonly trusted: readonly string[];
  /** Managed services let certain roles create what elsewhere only a superuser may: there nothing follows from `trusted`. */
  readonly isManaged: boolean;
}

/** Roles of RDS, Cloud SQL, Azure, Neon, Supabase, DigitalOcean, Aiven. */
const MANAGED = ['rds_superuser', 'cloudsqlsuperuser', 'azure_pg_admin', 'neon_superuser', 'supabase_admin', 'doadmin'];

const SQL = (trusted: string): string => `
  SELECT a.name, a.installed_version IS NOT NULL AS installed, ${trusted} AS trusted,
    current_setting('extwlist.extensions', true) IS NOT NULL
      OR current_setting('supautils.privileged_extensions', true) IS NOT NULL
      OR EXISTS (SELECT FROM pg_roles WHERE rolname = ANY ($1)) AS managed
  FROM pg_available_extensions a ORDER BY a.name`;

// The version that CREATE EXTENSION takes decides whether it is trusted (PostgreSQL's manual, pg_available_extension_versions).
const TRUSTED =
  'coalesce((SELECT v.trusted FROM pg_available_extension_versions v WHERE v.name = a.name AND v.version = a.default_version), false)';

const INSTALLED = 'SELECT extname AS name FROM pg_extension';

export const readExtensions = async (session: Session, versionNumber: number): Promise<ServerExtensions> => {
  const rows = await session.query<{ name: string; installed: boolean; trusted: boolean; managed: boolean }>(
    SQL(versionNumber >= 130_000 ? TRUSTED : 'false'),
    [[...MANAGED, 'avnadmin']],
  );
  const names = (chosen: typeof rows): readonly string[] => chosen.map(({ name }) => name);
  return {
    // An installed one whose files are gone is not available any more.
    installed: names(await session.query<(typeof rows)[number]>(INSTALLED)),
    available: names(rows),
    trusted: names(rows.filter(({ trusted }) => trusted)),
    isManaged: rows.some(({ managed }) => managed),
  };
};
