import { randomBytes } from 'node:crypto';

import { adminUrl, query, type TestDatabase } from '../../support/postgres.ts';
import { createReadyDatabase } from '../../support/ready-database.ts';
import { createSampleProject, type Variation } from '../../support/sample-project.ts';
import { DJANGO_52, ensureVenv } from '../../support/venv.ts';
import type { Workspace } from './fixture.ts';

export interface WorkspaceOptions {
  readonly variations?: readonly Variation[];
  readonly env?: Readonly<Record<string, string>>;
  /** SQL that takes away what the step makes. */
  readonly sql?: readonly string[];
}

/** The sample over a database in which all of it is set up, less what `sql` takes away. */
export const arrangeReady = async (options: WorkspaceOptions = {}): Promise<Workspace> => {
  const python = await ensureVenv(DJANGO_52);
  const database = await createReadyDatabase(python);
  for (const statement of options.sql ?? []) await query(database.url, statement);
  return workspace(options, database, python);
};

/** The sample, and no database under the name it uses. */
export const arrangeWithoutDatabase = async (options: WorkspaceOptions = {}): Promise<Workspace> =>
  workspace(options, await reserveDatabase(), await ensureVenv(DJANGO_52));

/** The sample with its own dependencies; the environment in which they belong is not there. */
export const arrangeWithoutDependencies = async (options: WorkspaceOptions): Promise<Workspace> =>
  workspace(options, await reserveDatabase(), undefined);

const workspace = async (
  { variations = [], env = {} }: WorkspaceOptions,
  database: TestDatabase,
  python: Workspace['python'],
): Promise<Workspace> => {
  const project = await createSampleProject({ variations });
  return {
    project,
    database,
    python,
    env: { DATABASE_URL: database.url, ...env },
    remove: async () => {
      await project.remove();
      await database.drop();
    },
  };
};

/** A name that is free, with a role of its own that may create databases: it loses that right in a test. */
const reserveDatabase = async (): Promise<TestDatabase> => {
  const name = `contract_${randomBytes(6).toString('hex')}`;
  const admin = adminUrl();
  await query(admin, `CREATE ROLE ${name} LOGIN CREATEDB PASSWORD 'only-for-this-test'`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  url.username = name;
  url.password = 'only-for-this-test';
  return {
    url: url.href,
    host: url.hostname,
    port: Number(url.port),
    user: name,
    password: 'only-for-this-test',
    name,
    drop: async () => {
      await query(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await query(admin, `DROP ROLE ${name}`);
    },
  };
};
