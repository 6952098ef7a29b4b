import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { Client, escapeLiteral } from 'pg';

import { startEmbedded } from '../../src/postgres/embedded.ts';

/** The address of the server all tests share. Set it yourself to run them against another one (superuser needed). */
export const TEST_POSTGRES_VARIABLE = 'DEVSETUP_TEST_POSTGRES_URL';

/** vitest's globalSetup: one PostgreSQL for the whole run. Workers and what they start find it through the environment. */
const setup = async (): Promise<(() => Promise<void>) | undefined> => {
  if (process.env[TEST_POSTGRES_VARIABLE] !== undefined) return undefined;
  const server = await startEmbedded({
    directory: await mkdtemp(path.join(os.tmpdir(), 'devsetup-test-postgres-')),
    persistent: false,
    settings: { max_connections: '200', max_locks_per_transaction: '512', scram_iterations: '1' },
  });
  await setPassword(server.url);
  process.env[TEST_POSTGRES_VARIABLE] = server.url;
  return async () => {
    delete process.env[TEST_POSTGRES_VARIABLE];
    await server.stop();
  };
};

/** Again, after 1 iteration instead of 4,096: every connection repeats them. */
const setPassword = async (url: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`ALTER ROLE CURRENT_USER PASSWORD ${escapeLiteral(decodeURIComponent(new URL(url).password))}`);
  await client.end();
};

export default setup;
