import type { DatabaseKind } from './database/plan-database.ts';
import type { OptionValues } from './template/template.ts';

/** The flags of `devsetup init`. */
export interface InitOptions {
  /** Of the flags, by the template's names. */
  readonly asked: OptionValues;
  /** `--package`: what is installed, instead of the version that runs. */
  readonly package?: string | undefined;
  readonly install: boolean;
  readonly dryRun: boolean;
  /** `--database`: what brings the database where a dev container has none. */
  readonly database?: DatabaseKind | undefined;
  /** `--dev-container`: which of several. */
  readonly devContainer?: string | undefined;
  readonly force: boolean;
  /** `--second-pipeline`: next to workflows that deploy already. */
  readonly second?: boolean;
}

/** Flag → the template's option, with what its help says. */
export const OPTION_FLAGS = {
  python: ['pythonVersion', '<version>', 'Python version'],
  node: ['nodeVersion', '<version>', 'Node version'],
  postgres: ['postgresVersion', '<version>', 'PostgreSQL version: that of production'],
  databaseName: ['databaseName', '<name>', 'name of the development database'],
  backend: ['backendFolder', '<dir>', 'folder of manage.py, relative to the root'],
  frontend: ['frontendFolder', '<dir>', "folder of the frontend's package.json, relative to the root"],
  appService: ['appService', '<name>', 'name of the compose service you work in'],
  databaseService: ['databaseService', '<name>', 'name of the compose service of the database'],
  packageManager: ['packageManager', '<name>', 'npm, pnpm, yarn or bun, for the package.json at the root'],
} as const;
