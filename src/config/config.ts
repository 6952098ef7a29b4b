import type { AuditConfig } from './audit-config.ts';

/**
 * The configuration after every default is filled in. Paths are absolute; `null` means "find it" where a key can be left out.
 * `raw-schema.ts` holds what a user may write and describes every key.
 */
export interface Config {
  /** The file the configuration was read from; null: there is none, everything is a default. */
  readonly file: string | null;
  readonly backend: BackendConfig;
  /** null: find them; []: there are none. */
  readonly frontends: readonly FrontendConfig[] | null;
  readonly database: DatabaseConfig;
  readonly tenants: TenantsConfig;
  readonly migrations: MigrationsConfig;
  readonly superuser: SuperuserConfig;
  readonly steps: readonly OwnStep[];
  readonly doctor: DoctorConfig;
  readonly audit: AuditConfig;
  readonly timeouts: TimeoutsConfig;
  readonly logFile: string;
  /** Later files win over earlier ones; null: `.env` and `.env.local` of the root and of the backend. */
  readonly envFiles: readonly string[] | null;
  /** `auto`: Django's DEBUG is on and the database is local. */
  readonly development: boolean | 'auto';
  /** What a user has said of each environment of `devsetup migrate`. */
  readonly environments: Readonly<Record<string, EnvironmentConfig>>;
}

/** One environment of `devsetup migrate`; a key that is left out has the default of the environment's name. */
export interface EnvironmentConfig {
  readonly fakeInitial?: boolean | undefined;
  readonly lockTimeoutSeconds?: number | undefined;
  readonly lockRetries?: number | undefined;
  readonly databaseUrlVariable?: string | undefined;
  readonly databaseUrlSecret?: string | undefined;
  readonly settingsModule?: string | undefined;
  readonly superTenantDomain?: string | undefined;
  readonly concurrency?: number | 'auto' | undefined;
  readonly failFast?: boolean | undefined;
  readonly sharedWaitSeconds?: number | undefined;
}

type Installer = 'uv' | 'poetry' | 'pipenv' | 'pdm' | 'pip' | 'none';

export interface BackendConfig {
  readonly managePy: string | null;
  /** An absolute path, or the bare name of a program on PATH such as `python3.12`. */
  readonly python: string | null;
  readonly venv: string | null;
  /** Packages are installed into the interpreter itself. */
  readonly withoutVenv: boolean;
  readonly requirements: readonly string[] | null;
  readonly installer: Installer | null;
  /** Dependency groups to install beside the tool's defaults. */
  readonly groups: readonly string[];
  readonly extras: readonly string[];
}

export interface FrontendConfig {
  readonly directory: string;
  readonly packageManager: 'npm' | 'pnpm' | 'yarn' | 'bun' | null;
}

interface DatabaseConfig {
  /** `embedded`: the PostgreSQL that devsetup runs for this checkout, unless the environment names an address. */
  readonly use: 'settings' | 'embedded';
  /** `compose`: a service of the project's compose files is started where nothing listens on the port it publishes. */
  readonly start: 'compose' | null;
  readonly urlVariable: string;
  readonly create: boolean | 'auto';
  /** true: any host; a list: these hosts. */
  readonly allowRemote: boolean | readonly string[];
  readonly waitSeconds: number;
  /** The database to connect to while the wanted one is being created. */
  readonly maintenanceDatabase: string;
}

export interface TenantConfig {
  /** null: the tenant library's public schema. */
  readonly schema: string | null;
  readonly name: string;
  readonly domain: string;
  /** Further fields of the tenant model. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly type: string | null;
  /** false: devsetup creates the tenant itself even if the project has the command. */
  readonly command: string | false;
  readonly args: readonly string[];
}

export interface GuestTenantConfig extends TenantConfig {
  readonly schema: string;
  readonly outsideDevelopment: boolean;
}

interface TenantsConfig {
  readonly super: TenantConfig;
  readonly guest: GuestTenantConfig | false;
  /** Names of schemas, `*` for any characters, that may be missing although a tenant has them. */
  readonly withoutSchema: readonly string[];
}

interface MigrationsConfig {
  /** `auto`: in development only. */
  readonly fakeInitial: boolean | 'auto';
  readonly concurrency: number | 'auto';
  readonly lockTimeoutSeconds: number;
  readonly failFast: boolean;
}

interface SuperuserConfig {
  /** null: every schema where users live and the super tenant has one. */
  readonly schemas: readonly string[] | null;
}

/** A program with its arguments, or a management command with its arguments. */
export type OwnCommand =
  | { readonly kind: 'program'; readonly words: readonly string[] }
  | { readonly kind: 'manage'; readonly words: readonly string[] };

export interface OwnStep {
  readonly id: string;
  readonly title: string;
  readonly run: OwnCommand;
  /** Exit code 0 means that there is nothing to do; null: runs once on each database. */
  readonly inspect: OwnCommand | null;
  /** Id of the step it follows: a built-in one, or an own one listed before. */
  readonly after: string;
  /** Working directory of programs; management commands run in the folder of manage.py. */
  readonly directory: string;
  /** Added to the environment of programs. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number | null;
  /** `devsetup migrate` does it too. */
  readonly pipeline: boolean;
}

export interface DoctorConfig {
  /** Check, group or finding → why it is left out. */
  readonly skip: Readonly<Record<string, string>>;
  readonly checks: readonly OwnCheck[];
}

/** A question of the project's own to `devsetup doctor`. */
export interface OwnCheck {
  readonly id: string;
  readonly title: string;
  /** A program that prints findings, or a file: a `.json` holds them, any other is run. */
  readonly source:
    | { readonly kind: 'program'; readonly words: readonly [string, ...string[]] }
    | { readonly kind: 'file'; readonly file: string };
  readonly timeoutSeconds: number | null;
}

interface TimeoutsConfig {
  readonly dependenciesSeconds: number;
  readonly commandSeconds: number;
}
