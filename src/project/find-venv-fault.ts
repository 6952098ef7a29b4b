import { lstat, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import { findTextOf, isDirectory, isFile, listNames } from './files.ts';
import { layoutMinor } from './inspect-interpreter.ts';
import type { PythonEnvironment } from './types.ts';

/** What makes a virtual environment useless, or half so, although its folder is there. */
export type VenvFault =
  /** Its interpreter cannot be executed; `target`: what its link leads to, where it is one. */
  | { readonly kind: 'interpreter-gone'; readonly target: string | null }
  /** Its packages were installed for one Python 3 and its interpreter is another now: none of them is found. */
  | { readonly kind: 'other-version'; readonly packages: readonly number[]; readonly interpreter: number }
  /** Its folder was moved or copied: its programs start the interpreter of the old place. */
  | { readonly kind: 'moved'; readonly program: string; readonly interpreter: string };

/** Programs that every such environment has, in the order in which they are believed. */
const PROGRAMS = ['django-admin', 'pip', 'pip3'];

/** Minor versions of the Pythons whose packages lie in a virtual environment. */
const packageMinors = async (venv: string): Promise<readonly number[]> =>
  (await listNames(path.join(venv, 'lib'))).flatMap((name) => {
    const minor = /^python3\.(\d+)t?$/.exec(name)?.[1];
    return minor === undefined ? [] : [Number(minor)];
  });

/** The interpreter a script starts with; long paths and paths with spaces are behind `exec` in its second line. */
export const shebangInterpreter = (script: string): string | null =>
  /^#!\s*(\/\S+)/.exec(script)?.[1]?.replace(/^\/bin\/sh$/, '') ||
  (/^#!\/bin\/sh\n'''exec' (?:"([^"$]+)"|(\/\S+)) /
    .exec(script)
    ?.slice(1)
    .find((found) => found !== undefined) ??
    null);

const realOrSelf = async (file: string): Promise<string> => {
  try {
    return await realpath(file);
  } catch {
    // It is not there: it has no other name.
    return file;
  }
};

const findMoved = async (venv: string): Promise<VenvFault | null> => {
  for (const program of PROGRAMS) {
    const interpreter = shebangInterpreter(
      (await findTextOf(path.join(venv, 'bin', program), { anywhere: true })) ?? '',
    );
    if (interpreter === null || !/^\/.*\/bin\/python[\d.]*$/.test(interpreter)) continue;
    const folder = path.dirname(path.dirname(interpreter));
    const isElsewhere = (await realOrSelf(folder)) !== (await realOrSelf(venv));
    const isOfVenv = (await isFile(path.join(folder, 'pyvenv.cfg'))) || !(await isFile(interpreter));
    return isElsewhere && isOfVenv ? { kind: 'moved', program, interpreter } : null;
  }
  return null;
};

const linkTarget = async (file: string): Promise<string | null> => {
  try {
    if (!(await lstat(file)).isSymbolicLink()) return null;
    const target = path.resolve(path.dirname(file), await readlink(file));
    return (await linkTarget(target)) ?? target;
  } catch {
    // There is not even a link.
    return null;
  }
};

/** Looks at the files of a virtual environment, starts nothing. null: there is none, or nothing speaks against it. */
export const findVenvFault = async ({
  venv,
  interpreter,
  exists,
}: Pick<PythonEnvironment, 'venv' | 'interpreter' | 'exists'>): Promise<VenvFault | null> => {
  if (venv === null || !(await isDirectory(venv)) || !(await isFile(path.join(venv, 'pyvenv.cfg')))) return null;
  if (!exists) return { kind: 'interpreter-gone', target: await linkTarget(interpreter) };
  const packages = await packageMinors(venv);
  const minor = await layoutMinor(await realOrSelf(interpreter));
  if (minor !== null && packages.length > 0 && !packages.includes(minor))
    return { kind: 'other-version', packages, interpreter: minor };
  return findMoved(venv);
};
