import { existsSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';

import { readKept } from '../postgres/embedded-kept.ts';
import type { ServerLook } from './look-at-server.ts';
import type { ServerPlace } from './server-place.ts';

export interface ServerData {
  /** The data directory. */
  readonly directory: string;
  readonly bytes: number;
  /** null: the server does not run, so nobody can say. */
  readonly databases: readonly { readonly name: string; readonly bytes: number }[] | null;
}

/** What a reset would remove; null: there is no data. */
export const describeData = async (place: ServerPlace, look: ServerLook): Promise<ServerData | null> => {
  const kept = await readKept(place.directory);
  const directory = kept?.data ?? path.join(place.directory, 'data');
  if (!existsSync(directory)) return null;
  const databases = look.kind === 'running' ? look.server.databases : null;
  return { directory, bytes: await sizeOf(directory), databases };
};

const sizeOf = async (directory: string): Promise<number> => {
  const names = await readdir(directory, { recursive: true });
  // Files come and go while a server runs.
  const sizes = await Promise.all(
    names.map((name) =>
      lstat(path.join(directory, name)).then(
        (entry) => (entry.isFile() ? entry.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
};
