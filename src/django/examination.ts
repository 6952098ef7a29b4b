/** The first message to a companion that tells what is installed. Not an argument: requirements may hold tokens. */
export interface Wanted {
  /** Those of the project's files, PEP 508. */
  readonly requirements: readonly string[];
}

/** Of a companion started to examine: what the environment holds, sent before Django starts and whatever becomes of it. */
export interface Installed {
  /** e.g. `3.11.2` */
  readonly python: string;
  /** Distributions by normalised name (PEP 503) → version. */
  readonly distributions: Readonly<Record<string, string>>;
  /** Requirements of the project's files that nothing installed satisfies; `found` is the installed version, or null. */
  readonly unmet: readonly { readonly requirement: string; readonly found: string | null }[];
  /** What `pip check` finds: an installed distribution whose own requirement is not met. */
  readonly conflicts: readonly {
    readonly distribution: string;
    readonly requirement: string;
    readonly found: string | null;
  }[];
  /** null: requirements were compared in full; else why only the names were. */
  readonly limitation: string | null;
}

/** A message of Django's own system checks. */
export interface SystemCheckMessage {
  /** e.g. `fields.W342`; null where the check gave none. */
  readonly id: string | null;
  /** Django's levels: 10 debug · 20 info · 30 warning · 40 error · 50 critical. */
  readonly level: number;
  readonly message: string;
  readonly hint: string | null;
  /** What it is about, e.g. `orders.Order.customer`; null where it is about nothing in particular. */
  readonly object: string | null;
}

/** `examine` {database: boolean}: what Django knows of the project. With `database: false` nothing that needs a connection. */
export interface Examination {
  /** `check` and, with a database, `check --database default`; silenced ones left out. */
  readonly systemChecks: readonly SystemCheckMessage[];
  /** Settings that django-tenants depends on; lists as written. null for a setting that does not exist. */
  readonly settings: {
    readonly routers: readonly string[];
    readonly middleware: readonly string[];
    readonly sharedApps: readonly string[] | null;
    readonly tenantApps: readonly string[] | null;
    readonly hasSecretKeyFallbacks: boolean;
    readonly allowedHosts: readonly string[];
  };
  /** Model changes that no migration makes, by app; `own` is false for an app installed from a package. */
  readonly modelChanges: readonly {
    readonly app: string;
    readonly own: boolean;
    readonly changes: readonly string[];
  }[];
  /** The lowest server version this Django supports, e.g. [14]; null where it does not say. */
  readonly minimumServerVersion: readonly number[] | null;
  /** Extensions that migrations create, with the first migration that does. */
  readonly extensions: readonly { readonly name: string; readonly migration: string }[];
  /** Columns that applied migrations should have created and that do not exist; schemas with the same lack together. */
  readonly drift:
    | readonly {
        readonly app: string;
        readonly model: string;
        readonly table: string;
        /** [] : the whole table is missing. */
        readonly columns: readonly string[];
        readonly schemas: readonly (string | null)[];
      }[]
    | null;
  /** Schemas of tenants that have domains but no primary one; null where there is nothing to ask. */
  readonly tenantsWithoutPrimaryDomain: readonly string[] | null;
  /** null without tenant schemas. */
  readonly appLists: AppLists | null;
  /** Labels of installed apps that are the project's own, not of a package. */
  readonly ownApps: readonly string[];
  /** `app.name` of the migrations of own apps that `squashmigrations` made: rows of what they squashed are no harm. */
  readonly squashes: readonly string[];
  /** Parts that could not be examined: what → why. */
  readonly failures: Readonly<Record<string, string>>;
}

/** Apps by label. */
export interface AppLists {
  readonly shared: readonly string[];
  /** Of several tenant types: those that any of them has. */
  readonly tenant: readonly string[];
  /** Those with tables that Django makes. */
  readonly withTables: readonly string[];
  /** Foreign keys of tables that the public schema has to tables that only tenants have, e.g. `auth.Permission.content_type`. */
  readonly stranded: readonly { readonly field: string; readonly to: string }[];
  /** Whether the URLs of tenants hold Django's admin; null where they cannot be loaded. */
  readonly tenantsServeAdmin: boolean | null;
}
