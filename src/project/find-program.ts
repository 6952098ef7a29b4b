import path from 'node:path';
import type { Environment } from '../config/environment.ts';
import { filterAsync, isExecutable } from './files.ts';

/** Every program of this name on PATH, in the order of PATH, as absolute paths. */
export const findPrograms = async (name: string, environment: Pick<Environment, 'get'>): Promise<readonly string[]> => {
  const folders = (environment.get('PATH') ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return filterAsync(
    [...new Set(folders)].map((folder) => path.join(folder, name)),
    isExecutable,
  );
};

export const findProgram = async (name: string, environment: Pick<Environment, 'get'>): Promise<string | undefined> =>
  (await findPrograms(name, environment))[0];
