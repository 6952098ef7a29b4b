import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { startEmbedded } from '../../src/postgres/embedded.ts';

/** The address of the server all tests share. Set it yourself to run them against another one (superuser needed). */
export const TEST_POSTGRES_VARIABLE = 'DEVSETUP_TEST_POSTGRES_URL';

/** vitest's globalSetup: one PostgreSQL for the whole run. Workers and what they start find it through the environment. */
const setup = async (): Promise<(() => Promise<void>) | undefined> => {
  if (process.env[TEST_POSTGRES_VARIABLE] !== undefined) return undefined;
  const server = await startEmbedded({
    directory: await mkdtemp(path.join(os.tmpdir(), 'devsetup-test-postgres-')),
    persistent: false,
    settings: { max_connections: '200', max_locks_per_transaction: '512' },
  });
  process.env[TEST_POSTGRES_VARIABLE] = server.url;
  return async () => {
    delete process.env[TEST_POSTGRES_VARIABLE];
    await server.stop();
  };
};

export default setup;
