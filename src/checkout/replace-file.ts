import { lstatSync } from 'node:fs';
import { lstat, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { resolveInCheckout } from './boundary.ts';
import { LEADS_OUTSIDE } from './read-bytes.ts';

/**
 * Replaces an entire file, with the mode and owner it had, or creates it in a folder that is there. By rename: a reader finds the
 * old text or the new one, and another name of the same file (hard link) keeps what it had.
 *
 * @param within the checkout it has to be in; if omitted, only links that lead out of their git work tree are refused
 * @throws where it leads outside the checkout
 */
export const replaceFile = async (file: string, content: string | Buffer, within?: string): Promise<void> => {
  const target = resolveTarget(file, within);
  const old = await lstat(target).catch(absent);
  if (old !== undefined && !old.isFile()) throw new Error('it is not a regular file');
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.devsetup-${process.pid}`);
  try {
    // Only its owner may read a new env file; other new files are open to whom the umask lets.
    const handle = await open(temporary, 'wx', path.basename(target).startsWith('.env') ? 0o600 : 0o666);
    try {
      await handle.writeFile(content);
      if (old !== undefined) {
        const made = await handle.stat();
        if (made.uid !== old.uid || made.gid !== old.gid) await handle.chown(old.uid, old.gid);
        await handle.chmod(old.mode & 0o7777);
      }
    } finally {
      await handle.close();
    }
    // A folder on the way can have been replaced by a link since.
    if (resolveTarget(target, within) !== target) throw new Error(LEADS_OUTSIDE);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
};

/**
 * Writes a result to a file that the user named. A link in the checkout must not redirect it; what is not a regular file
 * (`/dev/stdout`, a pipe of the shell) is written to as it is.
 */
export const writeResult = async (file: string, text: string): Promise<void> => {
  const found = await stat(file).catch(absent);
  if (found === undefined || found.isFile()) return replaceFile(file, text);
  return writeFile(resolveTarget(file), text);
};

/**
 * Creates a folder of the checkout and those above it that are missing.
 *
 * @returns the first folder that was created; undefined: it was there
 * @throws where it leads outside the checkout; then nothing was created
 */
export const createFolder = async (folder: string, within: string): Promise<string | undefined> => {
  let existing = path.resolve(folder);
  while (lstatSync(existing, { throwIfNoEntry: false }) === undefined) existing = path.dirname(existing);
  if (resolveInCheckout(existing, { within }) === null) throw new Error(LEADS_OUTSIDE);
  return mkdir(folder, { recursive: true });
};

/** The real path of a file that is there, or that its folder would hold; a link to nothing is no place to create a file at. */
const resolveTarget = (file: string, within?: string): string => {
  const [folder, name] = [path.dirname(path.resolve(file)), path.basename(file)];
  const place = resolveInCheckout(folder, { within });
  const target = place === null ? null : resolveIfThere(path.join(place, name), within);
  if (target === null) throw new Error(LEADS_OUTSIDE);
  return target;
};

const resolveIfThere = (file: string, within: string | undefined): string | null => {
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return file;
  return resolveInCheckout(file, { within });
};

const absent = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
};
