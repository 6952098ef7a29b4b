import path from 'node:path';

import type { Config } from '../config/config.ts';
import { isDevsetupError, usageError } from '../core/errors.ts';
import { findManagePy, type FoundManagePy } from '../project/find-manage-py.ts';
import { isFile } from '../project/files.ts';
import type { InitServices } from './init-services.ts';
import type { ReadFile } from './write/scaffold-files.ts';

export interface BackendOptions {
  readonly root: string;
  readonly config: Config;
  readonly cwd: string;
  /** `--backend`, relative to the root. */
  readonly asked: string | undefined;
  /** Asks which of several; undefined: it runs without a terminal. */
  readonly choose?: InitServices<ReadFile>['choose'] | undefined;
}

export interface ChosenBackend {
  readonly backend: FoundManagePy;
  /** devsetup would not find it without a line in the configuration. */
  readonly needsConfig: boolean;
}

/** The backend to set up. Throws the usage errors of `findManagePy`, and one where `--backend` names a folder without manage.py. */
export const chooseBackend = async ({ root, config, cwd, asked, choose }: BackendOptions): Promise<ChosenBackend> => {
  const found = await findQuietly({ root, config, cwd: root });
  if (asked !== undefined) return named(root, asked, found);
  if (!isDevsetupError(found)) return { backend: found, needsConfig: false };
  // Around the folder the user is in there is one, which is not what everybody else's devsetup would take.
  const around = await findQuietly({ root, config, cwd });
  if (!isDevsetupError(around)) return { backend: around, needsConfig: true };
  const folders = backendFolders(found);
  if (choose === undefined || folders.length === 0) throw withFlag(found);
  const choices = folders.map((value) => ({ value, label: value === '.' ? 'the root' : value }));
  return named(root, await choose('Which folder is the backend?', choices), found);
};

const backendFolders = ({ code, data }: ReturnType<typeof usageError>): readonly string[] => {
  const { candidates } = data;
  if (code !== 'MANAGE_PY_AMBIGUOUS' || !Array.isArray(candidates)) return [];
  return candidates.map((file) => path.posix.dirname(String(file).split(path.sep).join('/')));
};

type Found = FoundManagePy | ReturnType<typeof usageError>;

const findQuietly = async (options: Parameters<typeof findManagePy>[0]): Promise<Found> => {
  try {
    return await findManagePy(options);
  } catch (error) {
    if (isDevsetupError(error)) return error;
    throw error;
  }
};

const named = async (root: string, asked: string, found: Found): Promise<ChosenBackend> => {
  const directory = path.resolve(root, asked);
  const managePy = path.join(directory, 'manage.py');
  if (!(await isFile(managePy))) {
    throw usageError({
      code: 'MANAGE_PY_MISSING',
      message: `--backend names ${asked}, where there is no manage.py.`,
      hint: 'It takes the folder of manage.py, relative to the root of the checkout.',
    });
  }
  return { backend: { managePy, directory }, needsConfig: isDevsetupError(found) || found.managePy !== managePy };
};

const withFlag = (error: ReturnType<typeof usageError>): Error =>
  usageError({
    code: error.code,
    message: error.message,
    hint: 'Name its folder, relative to the root: `npx devsetup init --backend FOLDER`.',
    cause: error,
  });
