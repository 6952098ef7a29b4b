import path from 'node:path';

import { shellWord } from '../core/shell-word.ts';
import { isDirectory, isInside, shown } from './files.ts';
import type { Project } from './types.ts';

/** The folder of a file that cannot be opened does not exist. */
export const createFolderHint = (root: string, folder: string): string =>
  isInside(root, folder)
    ? `Create the folder: \`mkdir -p ${shellWord(shown(root, folder))}\`. Git keeps no empty folders: create it in the settings, or commit a file in it, so that the next checkout has it.`
    : `Create the folder: \`sudo install -d -o "$(id -u)" ${shellWord(folder)}\`, or let the settings use a folder of the checkout in development.`;

/** SQLite creates the file, and no folder; undefined: the folder is there. */
export const sqliteFolderAdvice = async (
  { root, backend }: Project,
  name: string,
): Promise<{ readonly message: string; readonly hint: string } | undefined> => {
  const file = path.resolve(backend.directory, name);
  const folder = path.dirname(file);
  if (await isDirectory(folder)) return undefined;
  const [inner, outer] = [file, folder].map((place) => (isInside(root, place) ? shown(root, place) : place));
  return {
    message: `SQLite cannot open the database ${inner}: the folder ${outer} does not exist.`,
    hint: createFolderHint(root, folder),
  };
};
