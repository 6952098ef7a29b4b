/**
 * The messages between devsetup and its Django companion (`python/devsetup_companion`): JSON lines in UTF-8 over one
 * duplex socket that the companion inherits as file descriptor 3. stdout and stderr belong to the project's code.
 *
 * Start: `<python> <…>/python/devsetup_companion <manage.py> [--fd 3]`, working directory = the folder of manage.py.
 * The first message is `ready` or `failed`; after `failed` comes `missing` where variables may be the reason. End of file on the socket means that devsetup is gone: the companion kills every
 * running request (process group, SIGKILL) and exits.
 *
 * With `--report-installed` devsetup sends `Wanted` first, and `installed` comes before everything else.
 *
 * `<python> <…>/python/devsetup_companion <manage.py> --collect-missing` sends one `missing` message instead and exits.
 */

import type { DatabaseSettings, OtherDatabase } from './database-settings.ts';
import type { Installed } from './examination.ts';

export type { DatabaseSettings, OtherDatabase } from './database-settings.ts';
export type { Inputs, WatchedTable } from './inputs.ts';
export type {
  AbsentTables,
  HistoryFault,
  Inspection,
  NeededExtension,
  TemplateState,
  TenantState,
} from './inspection.ts';

export interface Request {
  readonly id: number;
  readonly method: Method;
  readonly params: Readonly<Record<string, unknown>>;
}

export type Method =
  | 'command-options'
  | 'inspect'
  | 'inputs'
  | 'run'
  | 'migrate-tenants'
  | 'ensure-tenant'
  | 'inspect-superuser'
  | 'ensure-superuser'
  | 'examine'
  | 'would-fake'
  | 'create-tables';

/** Sends the signal to the process group of a running request; its result still follows. */
export interface Cancel {
  readonly cancel: number;
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL';
}

export type Message =
  | { readonly event: 'ready'; readonly description: Description }
  | { readonly event: 'failed'; readonly error: CompanionError }
  | { readonly event: 'missing'; readonly missing: MissingEnvironment }
  | { readonly event: 'installed'; readonly installed: Installed }
  /** `id` is null for what the project prints while Django starts. Invalid UTF-8 is replaced. */
  | {
      readonly event: 'output';
      readonly id: number | null;
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
    }
  | { readonly event: 'progress'; readonly id: number; readonly data: ProgressData }
  | { readonly event: 'result'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly event: 'result'; readonly id: number; readonly ok: false; readonly error: CompanionError };

/** A place in the project's own code (not in site-packages, not in the companion). */
export interface CodePlace {
  readonly file: string;
  readonly line: number;
  readonly function: string;
  /** The source line, stripped. */
  readonly source: string;
}

export interface CompanionError {
  /**
   * `DJANGO_MISSING` (Django or a package of the project cannot be imported because it is not installed: `module` names it) ·
   * `MANAGE_PY_FAILED` · `MANAGE_PY_NO_DJANGO` (ended without calling Django's command line) · `MANAGE_PY_REPLACED`
   * (it exec'ed another program) · `SETTINGS_FAILED` (the settings raised) · `APPS_FAILED` (django.setup raised) ·
   * `MIGRATIONS_BROKEN` (the graph cannot be built) · `MIGRATION_CONFLICT` (several leaves: `conflicts`) · `COMMAND_UNKNOWN` ·
   * `COMMAND_FAILED` (a command raised, or ended with CommandError; only in `RunResult.error`) ·
   * `DATABASE_ERROR` · `CRASHED` (the child died by `signal`) · `CANCELLED` · `INTERNAL`.
   * `ensure-tenant`: `TENANCY_OFF` · `TENANT_TABLE_MISSING` · `TENANT_FIELDS_MISSING` (`fields`) · `TENANT_FIELDS_UNKNOWN` (`fields`,
   * `existing`) · `TENANT_FIELDS_INVALID` (`errors`) · `DOMAIN_TAKEN` (`domain`, `owner`, `schema`) · `SCHEMA_MISSING` (`schema`, `row`).
   * Superuser: `SUPERUSER_FIELDS_MISSING` (`fields`) · `SUPERUSER_SCHEMA_NEEDED` (`model`) · `SUPERUSER_REJECTED` ·
   * `SUPERUSER_INCOMPLETE` (`schema`, `lacks`).
   * In a TenantResult: `SCHEMA_MISSING` (`row`) · `TENANT_TYPE_UNKNOWN` · `TEMPLATE_BEHIND` and `TEMPLATE_MISSING` (`template`, `setting`:
   * also of `ensure-tenant`) · `TENANT_NOT_ANNOUNCED` (a receiver of `post_schema_sync` raised) · `MIGRATION_FAILED` (the project's code raised) ·
   * `NOT_CONVERGED` (`pending`) · `DATABASE_ERROR`.
   * `create-tables`: `TABLES_NOT_CREATED` (`schema`; `migration`: it is not atomic, and cannot be applied in a transaction).
   * Where the server refused, `data` has its `sqlstate`; for a lock that was not had in time (55P03) and a deadlock (40P01) also
   * `sessions`, the server processes of the connections that may have waited for it; for a unique violation (23505) in a system
   * catalogue its name as `catalogue`; for an internal error (XX000) the server's own words as `internal`.
   */
  readonly code: string;
  /** Exception type with module, e.g. `django.core.exceptions.ImproperlyConfigured`; null where there was none. */
  readonly type: string | null;
  readonly message: string;
  /** Complete traceback text; '' where there was none. */
  readonly traceback: string;
  /** The innermost frame in the project's own code. */
  readonly place: CodePlace | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface MissingVariable {
  readonly name: string;
  readonly place: CodePlace | null;
  /** What holds None without it, so that a system check raises. */
  readonly setting?: string;
}

export interface MissingEnvironment {
  /** Variables without which the project (settings, apps, URLs) cannot be loaded, in the order they were asked for, and where. */
  readonly variables: readonly MissingVariable[];
  /** What still fails once all of them have stand-in values, without its message if that may come from such a value; null if all is loaded then. */
  readonly remaining: CompanionError | null;
}

export interface Description {
  readonly pid: number;
  /** `fresh` where forking is not safe (threads left running after start-up, no fork): one Django start per request. */
  readonly mode: 'fork' | 'fresh';
  readonly modeReason: string | null;
  readonly python: string;
  readonly django: string;
  /** Seconds from the start of manage.py to the end of django.setup(). */
  readonly startSeconds: number;
  readonly settingsModule: string | null;
  readonly debug: boolean;
  readonly secretKey: string;
  /** The one that is migrated: `TENANT_DB_ALIAS`, else what the routers say, else `default` (tenants/databases.py). */
  readonly database: DatabaseSettings;
  /** Further ones that a run may touch. */
  readonly otherDatabases: readonly OtherDatabase[];
  readonly installedApps: readonly string[];
  readonly commands: Readonly<Record<string, string>>;
  readonly tenancy: Tenancy;
  readonly user: UserModel;
  /** Environment variables that were looked up while settings loaded and were not set. */
  readonly unsetVariables: readonly string[];
  /** Variables that devsetup has exported from env files, as the project has left them in its environment; null: not set there. */
  readonly fileVariables: Readonly<Record<string, string | null>>;
  /** Those of them in files that the project opens and reads by itself. */
  readonly ownVariables: readonly string[];
}

export type Tenancy =
  | { readonly mode: 'shared'; readonly reason: string }
  | {
      readonly mode: 'schemas';
      /** Distribution and version, e.g. `django-tenants 4.0.1`. */
      readonly library: string;
      readonly tenantModel: string;
      /** Where the routers have rows of the tenant model written. */
      readonly rowsAlias: string;
      /** `DATABASES["default"]` has an engine. */
      readonly hasDefault: boolean;
      /** null where the project has no Domain model. */
      readonly domainModel: string | null;
      readonly publicSchema: string;
      /** Keys of TENANT_TYPES where several tenant types are on. */
      readonly tenantTypes: readonly string[];
      /** False where the tenant model does not create schemas on save. */
      readonly autoCreateSchema: boolean;
      /** PG_EXTRA_SEARCH_PATHS */
      readonly extraSearchPaths: readonly string[];
    };

export interface UserModel {
  readonly model: string;
  readonly usernameField: string;
  readonly requiredFields: readonly string[];
  /** Which list of apps holds the model; `shared` in a project without tenant schemas. */
  readonly livesIn: 'shared' | 'tenant' | 'both';
}

/** `command-options` {names: string[]} → one entry a name; null where there is no such command. */
export type CommandOptions = Readonly<
  Record<string, { readonly options: readonly string[]; readonly app: string } | null>
>;

/**
 * `run` {command, args: string[], schema?: string, applied?: string[], workerLock?, shardLock?}: a management command as manage.py would run it; stdin is
 * closed. `applied` as for `migrate-tenants`.
 */
export interface RunResult {
  readonly exitCode: number;
  /** Set when the command raised. */
  readonly error: CompanionError | null;
  readonly migrations: readonly MigrationEvent[];
  /** Tenant rows by schema that exist now and did not before, and the reverse; both [] without tenant schemas. */
  readonly tenantsAdded: readonly string[];
  readonly tenantsRemoved: readonly string[];
}

interface MigrationPlace {
  readonly schema: string | null;
  /** `app.name`. */
  readonly migration: string;
  /** Its position, from 1, among the migrations that this schema lacked, and how many those are; null: not known. */
  readonly number: number;
  readonly total: number | null;
}

export interface MigrationEvent extends MigrationPlace {
  readonly kind: 'migration';
  readonly faked: boolean;
  readonly seconds: number;
}

export interface MigrationStarted extends MigrationPlace {
  readonly kind: 'migration-started';
  readonly atomic: boolean;
}

export interface TenantResult {
  readonly kind: 'tenant';
  readonly schema: string;
  readonly outcome: 'migrated' | 'up-to-date' | 'failed';
  readonly seconds: number;
  readonly applied: number;
  readonly faked: readonly string[];
  /** True when the schema had to be created. */
  readonly schemaCreated: boolean;
  /** The migration that was running when it failed. */
  readonly failedMigration: string | null;
  /** False: what it did before it failed was not rolled back. Null where none was running. */
  readonly failedAtomic: boolean | null;
  readonly error: CompanionError | null;
}

export type ProgressData =
  MigrationEvent | MigrationStarted | { readonly kind: 'tenant-started'; readonly schema: string } | TenantResult;

/**
 * `migrate-tenants` {schemas: string[], fakeInitial: boolean, workerLock: [number, number] | null, applied?: string[] | null,
 * createSchemas?: string[]}: one after the other in one child. Every tenant gets a result; after a failure the child continues with the next.
 * `applied` are the `appliedNames` of the group most of these schemas are in ([] for schemas that are empty or missing): the
 * models as of that state are then prepared once for all children. It only saves time; a schema in another state is migrated
 * from its own. A missing schema is created where the tenant model does so (`auto_create_schema`), and for those of
 * `createSchemas` in any case.
 * `workerLock`, and of a shard also `shardLock`, is held shared by the child's session for as long as it migrates (see
 * postgres/advisory-lock). With `repeat` the migrate command is run even where nothing is pending: what it does behind the last
 * migration may be what failed before. With `alone` the lock is held exclusively, so that no worker of another shard migrates meanwhile.
 * Each schema has a process of its own: where none can be forked, only the first is migrated, and the client asks again for the rest.
 */
export interface MigrateTenantsResult {
  readonly results: readonly TenantResult[];
}

/** `would-fake` {groups: {schemas: (string | null)[], pending: string[]}[]}: changes nothing; looks at 50 schemas at the most. */
export interface WouldFakeResult {
  /** Pending initial migrations whose tables exist. */
  readonly found: readonly { readonly schema: string | null; readonly migration: string }[];
}

/**
 * `create-tables` {schema: string | null, workerLock?, shardLock?}: creates the tables that `Inspection.absent` names for this schema,
 * in one transaction. If none of an app's tables exist, its recorded migrations are applied again; single tables are created as the
 * applied migrations leave them. Rows of django_migrations, existing tables and other schemas are not touched.
 */
export interface CreateTablesResult {
  readonly tables: readonly string[];
  /** Migrations that were applied again, `app.name`. */
  readonly replayed: readonly string[];
}

/**
 * `ensure-tenant` {schema, name, domain, fields: object, tenantType: string | null, withoutSchema: boolean, check: boolean, offline?: boolean}; `check`
 * changes nothing; with `offline` it asks no database either. The schema of a tenant is created even where the model does not do so on save, unless `withoutSchema`.
 */
export interface EnsureTenantResult {
  readonly outcome: 'created' | 'exists' | 'completed';
  /** What was (or with `check`: would be) created, with the values that nobody chose: `tenant public (seats 0)`, `domain localhost`. */
  readonly actions: readonly string[];
}

/** `inspect-superuser` / `ensure-superuser` {username, password, fields: {name: value}, schemas: string[] | null, update: boolean}. */
export interface SuperuserResult {
  readonly outcome: 'created' | 'exists' | 'missing' | 'updated';
  /** Schemas where users live and this user was looked for; [null] without tenant schemas. */
  readonly schemas: readonly (string | null)[];
  readonly missingIn: readonly (string | null)[];
  /** Where the user exists and cannot log in or administer. */
  readonly lacking: readonly { readonly schema: string | null; readonly lacks: readonly Lack[] }[];
}

/** What keeps a user from logging in with the password of the environment, or from administering. */
export type Lack = 'inactive' | 'password-unusable' | 'password-differs' | 'not-staff' | 'not-superuser';
