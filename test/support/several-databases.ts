import { appendSettings, writeProjectFile, type Variation } from './sample-project.ts';

const ROUTERS = 'backend/config/routers.py';

/**
 * The tenants are kept in `DATABASES["tenants"]`, which is what the environment names; `default` is another database, given as Python.
 * Goes with `withoutOwnCommands`: those of the sample open a transaction on `default`.
 */
export const tenantsElsewhere =
  (entry: string): Variation =>
  async (project) => {
    await writeProjectFile(
      project,
      ROUTERS,
      `class TenantDatabaseRouter:
    def db_for_read(self, model, **hints):
        return "tenants"

    db_for_write = db_for_read
`,
    );
    await appendSettings(
      project,
      `
DATABASES["tenants"] = DATABASES["default"]
DATABASES["default"] = ${entry}
TENANT_DB_ALIAS = "tenants"
DATABASE_ROUTERS = ["config.routers.TenantDatabaseRouter", *DATABASE_ROUTERS]
`,
    );
  };

/** With `plainDjango`: the models of `plans` are kept in another database, by router. `entry` is Python. */
export const plansElsewhere =
  (entry: string): Variation =>
  async (project) => {
    await writeProjectFile(
      project,
      ROUTERS,
      `class PlansRouter:
    def db_for_read(self, model, **hints):
        return "archive" if model._meta.app_label == "plans" else None

    db_for_write = db_for_read

    def allow_migrate(self, db, app_label, **hints):
        return (db == "archive") == (app_label == "plans")
`,
    );
    await appendSettings(
      project,
      `
DATABASES["archive"] = {**DATABASES["default"], ${entry}}
DATABASE_ROUTERS = ["config.routers.PlansRouter"]
`,
    );
  };
