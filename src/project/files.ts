import { access, constants, readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';

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

export const isWritable = async (file: string): Promise<boolean> =>
  (await orUndefined(access(file, constants.W_OK).then(() => true))) ?? false;

export const isExecutable = async (file: string): Promise<boolean> =>
  (await isFile(file)) && ((await orUndefined(access(file, constants.X_OK).then(() => true))) ?? false);

/** undefined: there is no such file, or it cannot be read. */
export const findText = async (file: string): Promise<string | undefined> => orUndefined(readFile(file, 'utf8'));

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

/** True for the folder itself and everything below it. */
export const isInside = (folder: string, file: string): boolean => {
  const relative = path.relative(folder, file);
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
};

/** `backend/manage.py` rather than an absolute path, for messages. */
export const shown = (root: string, file: string): string => path.relative(root, file) || '.';
