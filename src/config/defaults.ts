import { STEP_IDS, type BuiltInStepId } from '../core/step.ts';
import { DEFAULT_AUDIT_CONFIG } from './audit-config.ts';
import type { Config } from './config.ts';

/** An own step without `after` follows the last built-in one. */
export const DEFAULT_AFTER: BuiltInStepId = STEP_IDS[STEP_IDS.length - 1] ?? 'superuser';

/** The names a configuration may have, at the root of the project; `package.json` holds it under the key `devsetup`. */
export const CONFIG_FILES = ['devsetup.config.jsonc', 'devsetup.config.json', 'package.json'] as const;

/** What holds without a configuration. Kept apart from the schema so that such a run never loads the validator. */
export const DEFAULTS = {
  file: null,
  backend: {
    managePy: null,
    python: null,
    venv: null,
    withoutVenv: false,
    requirements: null,
    installer: null,
    groups: [],
    extras: [],
  },
  frontends: null,
  database: {
    use: 'settings',
    start: null,
    urlVariable: 'DATABASE_URL',
    create: 'auto',
    allowRemote: false,
    waitSeconds: 60,
    maintenanceDatabase: 'postgres',
  },
  tenants: {
    super: {
      schema: null,
      name: 'Public',
      domain: 'localhost',
      fields: {},
      type: null,
      command: 'create_super_tenant',
      args: [],
    },
    guest: {
      schema: 'guest',
      name: 'Guest',
      domain: 'guest.localhost',
      fields: {},
      type: null,
      command: 'create_guest_tenant',
      args: [],
      outsideDevelopment: false,
    },
    withoutSchema: [],
  },
  migrations: { fakeInitial: 'auto', concurrency: 'auto', lockTimeoutSeconds: 600, failFast: false },
  superuser: { schemas: null },
  steps: [],
  doctor: { skip: {}, checks: [] },
  audit: DEFAULT_AUDIT_CONFIG,
  timeouts: { dependenciesSeconds: 1800, commandSeconds: 3600 },
  logFile: '/tmp/devcontainer-setup.log',
  envFiles: null,
  development: 'auto',
  environments: {},
} as const satisfies Config;
