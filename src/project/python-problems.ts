import { realpath } from 'node:fs/promises';
import path from 'node:path';

import type { Config } from '../config/config.ts';
import type { Problem } from '../core/check.ts';
import { findTextOf, shown } from './files.ts';
import { layoutMinor } from './inspect-interpreter.ts';
import { judgePython, type PythonFacts } from './judge-python.ts';
import { managesEnvironment } from './python-tools.ts';
import { allowsPython, readPythonWishes, type PythonWish } from './python-wishes.ts';
import type { Project, PythonEnvironment, Requirements } from './types.ts';
import { shownPath } from './version-wish.ts';

type Configured = Pick<Config, 'backend' | 'file'>;

/** What does not fit about the project's Python, for a run: what follows from it, such as a syntax error, is reported after it. */
export const findPythonProblems = async (
  { root, backend }: Project,
  config: Configured,
): Promise<readonly Problem[]> => {
  const { directory: backendDirectory, requirements, python } = backend;
  const wishes = [
    ...(await configuredPythonWish({ root, backend }, config)),
    ...(await readPythonWishes({ root, backendDirectory, requirements })),
  ];
  const problems = judgePython(await readPythonLayout(root, python), wishes, {
    isEnforced: isEnforcedBy(requirements),
    remedyFor: (minor) => ({ text: `Create the virtual environment with Python 3.${minor}.`, command: null }),
  });
  // What only the doctor has time for.
  return problems.filter(({ severity }) => severity !== 'info');
};

/** Whether `requires-python` allows the Python that an environment is to be created with; true where either is unknown. */
export const isAllowedByProject = async ({ root, backend }: Project): Promise<boolean> => {
  const { requirements, python } = backend;
  const minor = await minorOf(python.basePython);
  if (minor === null) return true;
  const wishes = await readPythonWishes({ root, backendDirectory: backend.directory, requirements });
  return wishes.every((wish) => wish.kind !== 'range' || allowsPython(wish, minor));
};

/** The tool that installs refuses a Python that `requires-python` excludes. */
export const isEnforcedBy = (requirements: Requirements | null): boolean =>
  requirements !== null && managesEnvironment(requirements.tool) && requirements.tool !== 'pipenv';

/** The version of the interpreter that `backend.python` names, where its files tell: an environment may be of another one. */
export const configuredPythonWish = async (
  { root, backend }: Pick<Project, 'root' | 'backend'>,
  { backend: { python: configured }, file }: Configured,
): Promise<readonly PythonWish[]> => {
  const minor = configured === null ? null : await minorOf(backend.python.basePython);
  if (minor === null) return [];
  const name = file === null ? 'the configuration' : shown(root, file);
  return [{ kind: 'pin', source: `${name} (backend.python)`, file: name, text: `3.${minor}`, minors: [minor] }];
};

/** `3.11.7` of `version = 3.11.7` (venv) or `version_info = 3.12.1.final.0` (virtualenv, uv). */
export const pyvenvVersion = (pyvenv: string): string | null =>
  /^\s*version(?:_info)?\s*=\s*(3\.\d+(?:\.\d+)?)/m.exec(pyvenv)?.[1] ?? null;

/**
 * The version of the project's Python, or of the one its virtual environment is to be created with, by its files alone. null: they
 * do not tell.
 */
export const readPythonLayout = async (
  root: string,
  { exists, interpreter, venv, basePython }: PythonEnvironment,
): Promise<PythonFacts | null> => {
  const used = exists ? interpreter : basePython;
  const named = shownPath(root, used);
  const minor = await minorOf(used);
  const noted =
    exists && venv !== null
      ? pyvenvVersion((await findTextOf(path.join(venv, 'pyvenv.cfg'), { anywhere: true })) ?? '')
      : null;
  const notedMinor = noted === null ? null : Number(noted.split('.')[1]);
  // The note is of the day it was made; the interpreter may have been replaced since.
  if (noted !== null && notedMinor !== null && (minor === null || minor === notedMinor))
    return { minor: notedMinor, version: noted, interpreter: named };
  return minor === null ? null : { minor, version: `3.${minor}`, interpreter: named };
};

const minorOf = async (interpreter: string): Promise<number | null> => {
  try {
    return await layoutMinor(await realpath(interpreter));
  } catch {
    // It is not there: another check says so.
    return null;
  }
};
