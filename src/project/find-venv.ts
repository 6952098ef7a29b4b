import path from 'node:path';
import { findFirstFile, findTextOf, isExecutable, isFile } from './files.ts';

/** A folder that is, or was, a virtual environment. */
export interface FoundVenv {
  readonly directory: string;
  readonly interpreter: string;
  /** False: its interpreter is gone, e.g. since the container has another Python; it must be made anew. */
  readonly works: boolean;
  /** The interpreter it was made from, where it still exists. */
  readonly basePython: string | null;
}

/** Names that are used for virtual environments; some people use `.env`. */
export const VENV_NAMES = ['.venv', 'venv', 'env', '.env'] as const;

/** Where the interpreter of a virtual environment is, or will be. */
export const venvInterpreter = (directory: string, platform: string): string =>
  platform === 'win32' ? path.join(directory, 'Scripts', 'python.exe') : path.join(directory, 'bin', 'python');

/** `home = /usr/bin` in pyvenv.cfg: the folder of the interpreter it was made from. */
const findHomePython = async (pyvenv: string): Promise<string | null> => {
  const home = /^\s*home\s*=\s*(.+?)\s*$/m.exec(pyvenv)?.[1];
  if (home === undefined) return null;
  const version = /^\s*version(?:_info)?\s*=\s*(3\.\d+)/m.exec(pyvenv)?.[1];
  const names = [...(version === undefined ? [] : [`python${version}`]), 'python3', 'python', 'python.exe'];
  return (await findFirstFile(names.map((name) => path.join(home, name)))) ?? null;
};

/** undefined: the folder has no pyvenv.cfg. */
export const findVenv = async (directory: string, platform: string): Promise<FoundVenv | undefined> => {
  const pyvenv = await findTextOf(path.join(directory, 'pyvenv.cfg'), { anywhere: true });
  if (pyvenv === undefined) return undefined;
  const usual = venvInterpreter(directory, platform);
  // Following the link, so that one whose target is gone does not count.
  const interpreter = (await isFile(usual)) ? usual : path.join(path.dirname(usual), 'python3');
  const works = await isExecutable(interpreter);
  return { directory, interpreter: works ? interpreter : usual, works, basePython: await findHomePython(pyvenv) };
};

/** The first working one of these folders, else the first broken one. */
export const findFirstVenv = async (
  directories: readonly string[],
  platform: string,
): Promise<FoundVenv | undefined> => {
  const unique = [...new Set(directories)];
  const found = (await Promise.all(unique.map((directory) => findVenv(directory, platform)))).filter(
    (venv) => venv !== undefined,
  );
  return found.find(({ works }) => works) ?? found[0];
};
