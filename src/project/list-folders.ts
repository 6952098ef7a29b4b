import path from 'node:path';
import { filterAsync, isDirectory, isFile, listNames } from './files.ts';

/** Holds other people's code, build results or templates of code: never part of the project itself. */
const IGNORED = new Set(['node_modules', 'site-packages', '__pycache__', 'bower_components', 'dist', 'build']);

/** Holds code that looks like a project without being the one that is meant. */
const SECONDARY =
  /^(?:tests?|testing|testproject|fixtures?|docs?|documentation|examples?|samples?|demos?|e2e|benchmarks?|templates?|skeletons?|cookiecutters?)$|(?:^|[-_])(?:examples?|demos?|samples?|fixtures?)$/i;

export const isSecondary = (name: string): boolean => SECONDARY.test(name);

/** A virtual environment, whatever its name is; some are committed and some are called `.env`. */
const isVirtualEnvironment = async (directory: string): Promise<boolean> =>
  (await isFile(path.join(directory, 'pyvenv.cfg'))) || (await isDirectory(path.join(directory, 'conda-meta')));

/** By its name alone. `{{ cookiecutter.name }}` is a template of a project. */
export const isOutsideProject = (name: string): boolean =>
  name.startsWith('.') || name.includes('{{') || IGNORED.has(name);

const isOfProject = async (directory: string): Promise<boolean> => {
  if (isOutsideProject(path.basename(directory))) return false;
  return (await isDirectory(directory)) && !(await isVirtualEnvironment(directory));
};

/** Folders directly below that may hold code of the project, sorted by name. */
export const listFolders = async (directory: string): Promise<readonly string[]> =>
  filterAsync(
    (await listNames(directory)).map((name) => path.join(directory, name)),
    isOfProject,
  );
