export interface DatabaseSettings {
  /** The key of DATABASES. */
  readonly alias: string;
  /** e.g. `django_tenants.postgresql_backend`. */
  readonly engine: string;
  /** `connection.vendor`: postgresql, sqlite, mysql, oracle, or what a third-party engine says. Null if it cannot be loaded. */
  readonly vendor: string | null;
  readonly name: string | null;
  readonly host: string;
  /** Decimal digits or ''. */
  readonly port: string;
  readonly user: string;
  readonly password: string;
  /** Only what decides where a connection leads and how it is protected, as libpq names it; and assume_role. */
  readonly options: Readonly<Record<string, string>>;
}

/** A database of the settings that is not the migrated one, and that is written to, lacks migrations, or is opened by django-tenants. */
export interface OtherDatabase extends DatabaseSettings {
  /** Routers send the rows of a model there. */
  readonly isWritten: boolean;
  /** It holds tables that only `migrate --database` creates. */
  readonly needsMigrations: boolean;
}

export interface OtherPending {
  readonly alias: string;
  /** How many migrations; null if that cannot be determined: `error` says why. */
  readonly pending: number | null;
  readonly error: string | null;
}
