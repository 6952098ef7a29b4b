import path from 'node:path';

import { declareRoot } from '../checkout/boundary.ts';
import { usageError, type DevsetupError } from '../core/errors.ts';
import { findConfigFiles } from '../config/load-config.ts';
import { isDirectory, isFile } from './files.ts';

export interface FindRootOptions {
  readonly cwd: string;
  /** `--project DIR`, absolute or relative to `cwd`. */
  readonly project?: string | undefined;
}

const ancestors = (directory: string): readonly string[] => {
  const parent = path.dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestors(parent)];
};

const findWhere = async (
  directories: readonly string[],
  question: (directory: string) => Promise<boolean>,
): Promise<string | undefined> => {
  for (const directory of directories) if (await question(directory)) return directory;
  return undefined;
};

/** `.git` is a file in worktrees and submodules. */
const isCheckout = async (directory: string): Promise<boolean> =>
  (await isDirectory(path.join(directory, '.git'))) || isFile(path.join(directory, '.git'));

const readNamed = async (directory: string): Promise<string> => {
  if (await isDirectory(directory)) return directory;
  throw projectMissing(directory);
};

export const projectMissing = (directory: string): DevsetupError =>
  usageError({
    code: 'PROJECT_MISSING',
    message: `--project names ${directory}, which is not a folder.`,
    hint: 'Correct the path, or start devsetup inside the checkout without --project.',
  });

/**
 * The project root: `--project`, else, upwards from `cwd` and never beyond the checkout, the nearest folder with a configuration,
 * else the top of the checkout, else the nearest folder with a manage.py, else `cwd`. So it is the same from every folder of a
 * checkout, and `.env` and frontends beside the backend are seen from inside the backend too.
 */
export const findRoot = async (options: FindRootOptions): Promise<string> => {
  const root = await chooseRoot(options);
  declareRoot(root);
  return root;
};

const chooseRoot = async ({ cwd, project }: FindRootOptions): Promise<string> => {
  if (project !== undefined) return readNamed(path.resolve(cwd, project));
  const all = ancestors(path.resolve(cwd));
  const checkout = await findWhere(all, isCheckout);
  const inside = checkout === undefined ? all : all.slice(0, all.indexOf(checkout) + 1);
  return (
    (await findWhere(inside, async (directory) => (await findConfigFiles(directory)).length > 0)) ??
    checkout ??
    (await findWhere(inside, (directory) => isFile(path.join(directory, 'manage.py')))) ??
    path.resolve(cwd)
  );
};
