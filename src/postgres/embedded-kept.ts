import { existsSync, realpathSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { DevsetupError } from '../core/errors.ts';
import { hasShape, isPort, isText } from '../core/shape.ts';

/** What is kept in `server.json` so that a persistent server keeps its address and its password. */
export interface Kept {
  readonly port: number;
  readonly password: string;
  /** The data directory. */
  readonly data: string;
}

export const EMBEDDED_HOST = '127.0.0.1';
export const EMBEDDED_USER = 'postgres';

/** The server's own folder in the state directory of a checkout. */
export const embeddedDirectory = (stateDirectory: string): string => path.join(stateDirectory, 'embedded');

const keptFile = (directory: string): string => path.join(directory, 'server.json');

/** For a root whose own folders no other user can enter: data that stays, and data for a while, which the system may remove. */
export const SHARED_DATA = '/var/lib/devsetup';
export const SHARED_SCRATCH = '/var/tmp';
export const SHARED_PREFIX = 'devsetup-postgres-';

/** null: not there, not of this form, or left half-made by a start that was killed. */
export const readKept = async (directory: string): Promise<Kept | null> => {
  try {
    const kept: unknown = JSON.parse(await readFile(keptFile(directory), 'utf8'));
    if (!isKept(kept) || !isOwnData(kept.data, directory)) return null;
    await readFile(path.join(kept.data, 'PG_VERSION'));
    return kept;
  } catch {
    // As documented.
    return null;
  }
};

const isKept = hasShape({ port: isPort, password: isText, data: isText });

/** What `db reset` removes must be a folder that devsetup made, whatever the file says. */
const isOwnData = (data: string, directory: string): boolean => {
  const folder = path.dirname(data);
  // An older devsetup has kept data there, too.
  if (folder === SHARED_DATA || folder === SHARED_SCRATCH) return path.basename(data).startsWith(SHARED_PREFIX);
  return path.basename(data) === 'data' && realpathSync(folder) === realpathSync(directory);
};

/**
 * Without the file the password of the data is unknown, and a new server would take the folder of the old one. A start that was
 * killed has data and no file yet: there is nothing to lose.
 *
 * @throws EMBEDDED_POSTGRES_UNREADABLE: the file is damaged, and there is data.
 */
export const verifyNothingIsLost = (directory: string): void => {
  if (!existsSync(keptFile(directory)) || !existsSync(path.join(directory, 'data', 'PG_VERSION'))) return;
  throw new DevsetupError({
    code: 'EMBEDDED_POSTGRES_UNREADABLE',
    message: `${keptFile(directory)}, which holds the address and the password of the embedded PostgreSQL, is damaged. Its data in ${path.join(directory, 'data')} is left alone.`,
    hint: 'Restore that file from a backup. `npx devsetup db status` shows where the data is and how much; `npx devsetup db reset` deletes all of it.',
  });
};

/** As a whole or not at all: without it the data would be taken for half-made. */
export const writeKept = async (directory: string, kept: Kept): Promise<void> => {
  const file = keptFile(directory);
  await writeFile(`${file}.tmp`, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
  await rename(`${file}.tmp`, file);
};
