import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** The folder of the homes that runs of devsetup get. */
export const HOMES_VARIABLE = 'DEVSETUP_TEST_HOMES';

/** vitest's globalSetup: homes are removed together at the end, since workers may be ended before they could remove theirs. */
const setup = async (): Promise<() => Promise<void>> => {
  // Short: paths of sockets have at most 107 characters.
  const folder = await mkdtemp(path.join(os.tmpdir(), 'dsh-'));
  // Some runs are another user's.
  await chmod(folder, 0o711);
  process.env[HOMES_VARIABLE] = folder;
  return async () => {
    delete process.env[HOMES_VARIABLE];
    await rm(folder, { recursive: true, force: true });
  };
};

export default setup;
