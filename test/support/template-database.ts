import { createHash, randomBytes } from 'node:crypto';

import { Client, escapeIdentifier } from 'pg';

import { adminUrl, query, type TestDatabase } from './postgres.ts';
import { runDevsetup } from './run-devsetup.ts';
import { createSampleProject } from './sample-project.ts';
import { extraTenants } from './variations.ts';
import type { Venv } from './venv.ts';

/**
 * A database in which the sample is set up already (super tenant and guest, and with `tenants` as many more: t001, t002 …), for
 * tests that begin there: a copy takes a fraction of a second, setting it up takes several. Dropped by the test; the original
 * stays on the server of the test run.
 */
export const createReadyDatabase = async (python: Venv, { tenants = 0 } = {}): Promise<TestDatabase> => {
  const template = await ensureTemplate(python, tenants);
  const name = `t_${randomBytes(6).toString('hex')}`;
  const admin = adminUrl();
  await query(admin, `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)}`);
  return databaseAt(admin, name);
};

const databaseAt = (admin: string, name: string): TestDatabase => {
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    host: url.hostname,
    port: Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    name,
    drop: async () => {
      await query(admin, `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
    },
  };
};

/** Test files run in processes of their own: the first to hold the lock builds it, and only a finished one gets its name. */
const ensureTemplate = async (python: Venv, tenants: number): Promise<string> => {
  const key = createHash('sha256').update(python.directory).digest('hex').slice(0, 12);
  const name = `template_${key}_${tenants}`;
  const admin = new Client({ connectionString: adminUrl() });
  await admin.connect();
  try {
    await admin.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    const there = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (there.rowCount === 0) await buildTemplate(admin, name, python, tenants);
    return name;
  } finally {
    await admin.end();
  }
};

const buildTemplate = async (admin: Client, name: string, python: Venv, tenants: number): Promise<void> => {
  const building = `${name}_building`;
  await admin.query(`DROP DATABASE IF EXISTS ${building} WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${building} TEMPLATE template0`);
  const project = await createSampleProject({ variations: tenants === 0 ? [] : [extraTenants(tenants)] });
  try {
    const env = { DATABASE_URL: databaseAt(adminUrl(), building).url };
    const run = await runDevsetup(['--ui', 'plain'], { cwd: project.root, python, env });
    if (run.exitCode !== 0) throw new Error(`the sample cannot be set up:\n${run.stdout}${run.stderr}`);
  } finally {
    await project.remove();
  }
  await admin.query(`ALTER DATABASE ${building} RENAME TO ${name}`);
};
