import path from 'node:path';
import { filterAsync, isDirectory, isFile, listNames } from '../files.ts';

/** What a manifest or requirement file refers to by a path. */
export interface LocalPaths {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Those of these paths that exist, apart as files and folders. */
export const sortPaths = async (paths: readonly string[]): Promise<LocalPaths> => {
  const all = [...new Set(paths)];
  return { files: await filterAsync(all, isFile), folders: await filterAsync(all, isDirectory) };
};

/** The files directly in a folder, such as patches or wheels; [] where there is no such folder. */
export const filesIn = async (folder: string): Promise<readonly string[]> =>
  filterAsync(
    (await listNames(folder)).map((name) => path.join(folder, name)),
    isFile,
  );

/** `file:///srv/x`, `file://${PROJECT_ROOT}/x` (pdm), `{root:uri}/x` (hatch) or `file:../x` as a path; anything else as it is. */
export const pathOfUrl = (text: string): string =>
  text
    .replace(/^\{root:uri\}\//, './')
    .replace(/^file:\/{2,3}\$\{PROJECT_ROOT\}\//, './')
    .replace(/^file:(?:\/\/)?/, '');

type Leaf = readonly [key: string, value: string];

/** Every text in a document with the key it stands under; of a list each entry has the key of the list. */
export const textLeaves = (value: unknown, key = ''): readonly Leaf[] => {
  if (typeof value === 'string') return [[key, value]];
  if (Array.isArray(value)) return value.flatMap((entry) => textLeaves(entry, key));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, entry]) => textLeaves(entry, name));
};
