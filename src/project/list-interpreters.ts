import path from 'node:path';
import type { Environment } from '../config/environment.ts';
import { filterAsync, isExecutable, listNames } from './files.ts';
import { findPrograms } from './find-program.ts';
import { versionManagers, type VersionManager } from './version-managers.ts';

/** An interpreter that may be there: whether it starts is another question. */
export interface Candidate {
  readonly interpreter: string;
  /** Minor version of Python 3, by its name; null: only a start tells. */
  readonly minor: number | null;
}

export interface Candidates {
  /** What `python3` means in a terminal; null: nothing. */
  readonly usual: Candidate | null;
  /** All others, the newest first; those of unknown version last. */
  readonly others: readonly Candidate[];
}

/** Where interpreters lie that need not be on PATH. */
export const SYSTEM_FOLDERS = ['/usr/local/bin', '/usr/bin', '/opt/homebrew/bin'];

/** Every interpreter of this machine that files tell of: PATH, the version managers, the usual folders. Starts none. */
export const listInterpreters = async (
  environment: Pick<Environment, 'get' | 'asRecord'>,
  systemFolders: readonly string[] = SYSTEM_FOLDERS,
): Promise<Candidates> => {
  const plain = [...(await findPrograms('python3', environment)), ...(await findPrograms('python', environment))];
  const [usual, ...more] = plain.map((interpreter): Candidate => ({ interpreter, minor: null }));
  const onPath = (environment.get('PATH') ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const folders = await Promise.all([...new Set([...onPath, ...systemFolders])].map(versionedIn));
  const managed = await Promise.all(managersOf(environment).map(installedBy));
  const known = [...folders.flat(), ...managed.flat()].toSorted((a, b) => (b.minor ?? 0) - (a.minor ?? 0));
  return { usual: usual ?? null, others: [...known, ...more] };
};

/** `python3.12` and its like. */
const versionedIn = async (folder: string): Promise<readonly Candidate[]> => {
  const found = (await listNames(folder)).flatMap((name): readonly Candidate[] => {
    const minor = /^python3\.(\d+)$/.exec(name)?.[1];
    return minor === undefined ? [] : [{ interpreter: path.join(folder, name), minor: Number(minor) }];
  });
  return filterAsync(found, ({ interpreter }) => isExecutable(interpreter));
};

/** Shims on PATH lead to a version manager that no variable names. */
const managersOf = (environment: Pick<Environment, 'get' | 'asRecord'>): readonly VersionManager[] => {
  const known = versionManagers(environment.asRecord());
  const shims = (environment.get('PATH') ?? '').split(path.delimiter).filter((folder) => /[/\\]shims$/.test(folder));
  const besideShims = shims
    .flatMap((folder) => versionManagers({ PYENV_ROOT: path.dirname(folder), ASDF_DATA_DIR: path.dirname(folder) }))
    .filter(({ folder }) => known.every((one) => one.folder !== folder));
  return [...known, ...besideShims];
};

const installedBy = async ({ folder, interpreters }: VersionManager): Promise<readonly Candidate[]> => {
  const versions = (await listNames(folder)).flatMap((name) => {
    // `3.12.1`, `cpython@3.12.1`, `cpython-3.12.1-linux-x86_64-gnu`; others are links, or no CPython.
    const [, minor, patch] = /^(?:cpython[@-])?3\.(\d+)\.(\d+)(?:-(?!freethreaded).*)?$/.exec(name) ?? [];
    return minor === undefined ? [] : [{ name, minor: Number(minor), patch: Number(patch) }];
  });
  const found = await Promise.all(
    versions
      .toSorted((a, b) => b.minor - a.minor || b.patch - a.patch)
      .map(async ({ name, minor }) => {
        const files = interpreters.map((file) => path.join(folder, name, file));
        const [interpreter] = await filterAsync(files, isExecutable);
        return interpreter === undefined ? [] : [{ interpreter, minor }];
      }),
  );
  return found.flat();
};
