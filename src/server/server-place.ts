import path from 'node:path';

import { embeddedDirectory } from '../postgres/embedded-kept.ts';

/** Where everything of a checkout's own PostgreSQL lies: in its state directory. */
export interface ServerPlace {
  /** The server's folder, with its data unless its user cannot get here. */
  readonly directory: string;
  /** Who runs it: see `KeeperMark`. */
  readonly keeperFile: string;
  /** Held while it is started, stopped or removed. */
  readonly lockFile: string;
  /** What the server says. */
  readonly logFile: string;
}

export const serverPlace = (stateDirectory: string): ServerPlace => ({
  directory: embeddedDirectory(stateDirectory),
  keeperFile: path.join(stateDirectory, 'embedded-keeper.json'),
  lockFile: path.join(stateDirectory, 'embedded.lock'),
  logFile: path.join(stateDirectory, 'embedded.log'),
});
