import { realpath } from 'node:fs/promises';
import path from 'node:path';

import { findTextOf } from '../../project/files.ts';
import { inspectInterpreter } from '../../project/inspect-interpreter.ts';
import type { PythonEnvironment } from '../../project/types.ts';
import type { CheckContext } from '../context.ts';
import type { PythonFacts } from './judge-python.ts';
import { shownPath } from './version-wish.ts';

/** `3.11.7` of `version = 3.11.7` (venv) or `version_info = 3.12.1.final.0` (virtualenv, uv). */
export const pyvenvVersion = (pyvenv: string): string | null =>
  /^\s*version(?:_info)?\s*=\s*(3\.\d+(?:\.\d+)?)/m.exec(pyvenv)?.[1] ?? null;

/**
 * The version of the project's Python, or of the one its virtual environment is to be made with, without a start of it: from
 * its files, and where they do not tell, from the start of Django. null: not known.
 */
export const readPythonFacts = async (
  context: Pick<CheckContext, 'root' | 'installed'>,
  { exists, interpreter, venv, basePython }: PythonEnvironment,
): Promise<PythonFacts | null> => {
  const used = exists ? interpreter : basePython;
  const named = shownPath(context.root, used);
  const minor = await layoutMinor(used);
  const noted =
    exists && venv !== null
      ? pyvenvVersion((await findTextOf(path.join(venv, 'pyvenv.cfg'), { anywhere: true })) ?? '')
      : null;
  const notedMinor = noted === null ? null : Number(noted.split('.')[1]);
  // A note is of the day it was made; the interpreter may have been replaced since.
  if (noted !== null && notedMinor !== null && (minor === null || minor === notedMinor))
    return { minor: notedMinor, version: noted, interpreter: named };
  if (minor !== null) return { minor, version: `3.${minor}`, interpreter: named };
  if (!exists) return null;
  const { python } = await context.installed();
  const asked = /^3\.(\d+)/.exec(python)?.[1];
  return asked === undefined ? null : { minor: Number(asked), version: python, interpreter: named };
};

const layoutMinor = async (interpreter: string): Promise<number | null> => {
  try {
    const real = await realpath(interpreter);
    return (await inspectInterpreter(real, { environment: { asRecord: () => ({}) }, directory: '/' })).minor;
  } catch {
    // It is not there: another check says so.
    return null;
  }
};
