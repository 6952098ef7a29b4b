import { rm } from 'node:fs/promises';

import { readKept } from '../postgres/embedded-kept.ts';
import type { ServerPlace } from './server-place.ts';
import { stopServer } from './stop-server.ts';

/** Stops the server and removes all its data. The caller holds the lock, and has asked. */
export const removeServer = async (place: ServerPlace): Promise<void> => {
  await stopServer(place);
  const kept = await readKept(place.directory);
  // It may lie elsewhere, where the server's user cannot get into the state directory.
  if (kept !== null) await rm(kept.data, { recursive: true, force: true });
  for (const file of [place.directory, place.logFile]) await rm(file, { recursive: true, force: true });
};
