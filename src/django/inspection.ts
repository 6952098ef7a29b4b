import type { OtherPending } from './database-settings.ts';
import type { Examination, SystemCheckMessage } from './examination.ts';

interface SchemaMigrations {
  /** null in a project without tenant schemas. */
  readonly schema: string | null;
  /** False: the django_migrations table does not exist yet. */
  readonly initialised: boolean;
  readonly applied: number;
  /** `app.name`, in the order Django would apply them. */
  readonly pending: readonly string[];
  /** Recorded as applied, of an installed app, and not in the code. */
  readonly orphaned: readonly string[];
}

export interface TenantState {
  readonly schema: string;
  readonly schemaExists: boolean;
  /** Saving this tenant creates its schema (`auto_create_schema` of the row: a project may decide it for each); only asked where it is missing. */
  readonly createsSchema: boolean;
  /** [] where there is no Domain model. */
  readonly domains: readonly string[];
  readonly tenantType: string | null;
  /** Index into `groups` of the state shared by all schemas with the same migrations; null where the schema is missing. */
  readonly group: number | null;
}

/** A schema that new tenants are cloned from (TENANT_CREATION_FAKES_MIGRATIONS). */
export interface TemplateState extends Pick<TenantState, 'schema' | 'schemaExists' | 'tenantType' | 'group'> {
  /** What names it, as in the settings: `TENANT_BASE_SCHEMA`. */
  readonly setting: string;
  /** It is a tenant, too, and listed as such. */
  readonly hasRow: boolean;
}

/** What all tenant schemas with the same rows in django_migrations have in common. */
interface MigrationGroup extends Omit<SchemaMigrations, 'schema'> {
  /** `app.name` of every row, for `migrate-tenants` to prepare its work with; order means nothing. */
  readonly appliedNames: readonly string[];
}

/** Tables of one app that recorded migrations should have created and that do not exist; schemas with the same lack together. */
export interface AbsentTables {
  readonly app: string;
  readonly tables: readonly string[];
  /** None of the app's tables exists there: its migrations are recorded, and were never run or their tables were dropped. */
  readonly entire: boolean;
  /** [null] without tenant schemas. */
  readonly schemas: readonly (string | null)[];
}

/** A migration recorded as applied before one it depends on: Django refuses to migrate these schemas. */
export interface HistoryFault {
  /** `app.name`, as is `dependency`. */
  readonly migration: string;
  readonly dependency: string;
  /** [null] without tenant schemas. */
  readonly schemas: readonly (string | null)[];
}

export interface NeededExtension {
  readonly name: string;
  /** `app.name` of the first that needs it. */
  readonly migration: string;
  /** What of the project runs before that migration and may create it, in words; null: only Django's own code runs. */
  readonly mayBeCreatedBy: string | null;
}

/** `inspect` {} */
export interface Inspection {
  readonly shared: SchemaMigrations;
  /** Null while the tenant table does not exist. In order of creation (primary key); without the public tenant. */
  readonly tenants: readonly TenantState[] | null;
  readonly groups: readonly MigrationGroup[];
  readonly templates: readonly TemplateState[];
  /** Schemas of tenants that were created and for which `post_schema_sync` was not sent yet. */
  readonly unannounced: readonly string[];
  /** The row of the public tenant. */
  readonly publicTenant: { readonly exists: boolean; readonly domains: readonly string[] } | null;
  /** Schemas that hold django_migrations and have no tenant row. */
  readonly straySchemas: readonly string[];
  /** Several leaf nodes of one app: {app: [names]}. */
  readonly conflicts: Readonly<Record<string, readonly string[]>>;
  /** The project's own apps with models but without a migrations package, created by `migrate --run-syncdb` only. */
  readonly unmigratedApps: readonly string[];
  readonly absent: readonly AbsentTables[];
  readonly history: readonly HistoryFault[];
  /** System checks that keep `migrate` from starting; [] while nothing is pending in the shared schema. */
  readonly failingChecks: readonly SystemCheckMessage[];
  /** PostgreSQL extensions that migrations pending in the shared schema need and that no migration creates. */
  readonly extensions: readonly NeededExtension[];
  /** Of the databases that need migrations of their own. */
  readonly otherDatabases: readonly OtherPending[];
  /** As in `Examination`. */
  readonly ownApps: Examination['ownApps'];
  readonly squashes: Examination['squashes'];
  /** Of own apps; [] while anything is pending in the shared schema. */
  readonly modelChanges: Examination['modelChanges'];
  /** Differs between two databases and survives a restart; null before the first migration. */
  readonly fingerprint: string | null;
  /** Not asked of Django: schemas that an earlier run has left before the end (see steps/unfinished-schemas); absent: none. */
  readonly unfinished?: readonly string[];
}
