import { access, constants, readdir, stat } from 'node:fs/promises';
import path from 'node:path';

import type { Bounds } from '../checkout/boundary.ts';
import { readBytes } from '../checkout/read-bytes.ts';

/** Absence, and a folder that may not be looked into, mean the same to a search: nothing is found there. */
const orUndefined = async <T>(read: Promise<T>): Promise<T | undefined> => {
  try {
    return await read;
  } catch {
    return undefined;
  }
};

export const isFile = async (file: string): Promise<boolean> => (await orUndefined(stat(file)))?.isFile() ?? false;

export const isDirectory = async (directory: string): Promise<boolean> =>
  (await orUndefined(stat(directory)))?.isDirectory() ?? false;

export const isExecutable = async (file: string): Promise<boolean> =>
  (await isFile(file)) && ((await orUndefined(access(file, constants.X_OK).then(() => true))) ?? false);

/** undefined: there is no such file, it cannot be read, or it leads outside the checkout (`readBytes`). */
export const findText = async (file: string): Promise<string | undefined> => findTextOf(file, {});

/** The same where other bounds hold, e.g. for files of a virtual environment. */
export const findTextOf = async (file: string, bounds: Bounds): Promise<string | undefined> =>
  findTextNow(file, bounds);

/** The same at once, with the byte order mark it may start with. */
export const findTextNow = (file: string, bounds: Bounds): string | undefined => {
  const found = readBytes(file, bounds);
  return found.kind === 'bytes' ? found.bytes.toString('utf8') : undefined;
};

/** Names in a folder, sorted; [] where it cannot be read. */
export const listNames = async (directory: string): Promise<readonly string[]> =>
  ((await orUndefined(readdir(directory))) ?? []).toSorted();

/** Keeps the items the question is answered with true for, in their order. */
export const filterAsync = async <T>(
  items: readonly T[],
  question: (item: T) => Promise<boolean>,
): Promise<readonly T[]> => {
  const answers = await Promise.all(items.map(question));
  return items.filter((_, index) => answers[index]);
};

/** The first existing file of these. */
export const findFirstFile = async (files: readonly string[]): Promise<string | undefined> =>
  (await filterAsync(files, isFile))[0];

export { isInside } from '../checkout/boundary.ts';

/** `backend/manage.py` rather than an absolute path, for messages. */
export const shown = (root: string, file: string): string => path.relative(root, file) || '.';
