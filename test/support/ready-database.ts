import { createHash, randomBytes } from 'node:crypto';

import { Client, escapeIdentifier } from 'pg';

import { adminUrl, type TestDatabase } from './postgres.ts';
import { runDevsetup } from './run-devsetup.ts';
import { createSampleProject } from './sample-project.ts';
import { extraTenants } from './variations.ts';
import type { Venv } from './venv.ts';

export interface ReadyOptions {
  /** Tenants beside the sample's own two, in schemas t001, t002 … Default 0. */
  readonly tenants?: number;
  /** The server; default: the one all tests share. */
  readonly admin?: string;
}

/**
 * A database of its own in which the sample is set up completely, as a copy of a template that is built by devsetup itself, once a
 * server: what a test starts from that is about a second run, pending migrations or an interruption.
 */
export const createReadyDatabase = async (python: Venv, options: ReadyOptions = {}): Promise<TestDatabase> => {
  const { tenants = 0, admin = adminUrl() } = options;
  const key = createHash('sha256')
    .update(JSON.stringify([python.directory, tenants]))
    .digest('hex')
    .slice(0, 12);
  const template = `ready_${key}`;
  const name = `t_${randomBytes(6).toString('hex')}`;
  const client = new Client({ connectionString: admin, application_name: 'devsetup-tests' });
  await client.connect();
  try {
    // Test workers that want the same template at the same time wait for the first one.
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
    const built = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (built.rowCount === 0) await buildTemplate(client, admin, template, python, tenants);
    await client.query(`CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)}`);
  } finally {
    await client.end();
  }
  const url = databaseUrl(admin, name);
  return {
    url,
    host: new URL(url).hostname,
    port: Number(new URL(url).port),
    user: decodeURIComponent(new URL(url).username),
    password: decodeURIComponent(new URL(url).password),
    name,
    drop: async () => {
      const dropping = new Client({ connectionString: admin });
      await dropping.connect();
      await dropping.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
      await dropping.end();
    },
  };
};

const databaseUrl = (admin: string, name: string): string => {
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return url.href;
};

/** Under another name until it is complete: a build that was killed is never taken for a template. */
const buildTemplate = async (
  client: Client,
  admin: string,
  template: string,
  python: Venv,
  tenants: number,
): Promise<void> => {
  const unfinished = `${template}_unfinished`;
  await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${unfinished}`);
  const project = await createSampleProject({ variations: tenants > 0 ? [extraTenants(tenants)] : [] });
  try {
    const env = { DATABASE_URL: databaseUrl(admin, unfinished) };
    const run = await runDevsetup([], { cwd: project.root, env, python });
    if (run.exitCode !== 0) throw new Error(`the sample could not be set up:\n${run.stdout}\n${run.stderr}`);
  } finally {
    await project.remove();
  }
  await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
};
