import type { RuleId } from '../core/rule-ids.ts';
import type { Role } from '../core/job-role.ts';

/** `audit` in the configuration of devsetup. */
export interface AuditConfig {
  /** Patterns of `file:job` or of job ids with `*`, e.g. `{"ship-*": "deploy"}`: wins over everything else. */
  readonly roles: Readonly<Record<string, Role>>;
  /**
   * The commands a migrate job runs, in order. A stage is a list of alternatives; each is words that a command must contain, in order,
   * e.g. `migrate_schemas --shared`. null: shared → super tenant → tenants, or a plain `migrate` where there are no tenants.
   */
  readonly sequence: readonly (readonly string[])[] | null;
  /** Further commands that count as a migration, as words: `alembic upgrade`, `npm run db:migrate`. */
  readonly migrateCommands: readonly string[];
  /** Further commands that set up tenants. */
  readonly tenantCommands: readonly string[];
  /** Values of variables of the repository (`vars.NAME`). */
  readonly vars: Readonly<Record<string, string>>;
  readonly ignore: readonly {
    /** Globs of files; all if empty. */
    readonly files: readonly string[];
    readonly rules: readonly RuleId[];
    readonly reason: string;
  }[];
  /** Relative to the root; null: none. */
  readonly baseline: string | null;
}

export const DEFAULT_AUDIT_CONFIG: AuditConfig = {
  roles: {},
  sequence: null,
  migrateCommands: [],
  tenantCommands: [],
  vars: {},
  ignore: [],
  baseline: null,
};
