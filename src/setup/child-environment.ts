import path from 'node:path';

import type { PythonEnvironment } from '../project/types.ts';

/** The environment of everything devsetup starts: the project's own, with its virtual environment active and output unbuffered. */
export const childEnvironment = (
  environment: Readonly<Record<string, string>>,
  python: PythonEnvironment,
): Readonly<Record<string, string>> => {
  const { PYTHONHOME: _, ...inherited } = environment;
  if (python.venv === null) return { ...inherited, PYTHONUNBUFFERED: '1' };
  const programs = path.join(python.venv, 'bin');
  const searchPath = inherited['PATH'] === undefined ? programs : `${programs}${path.delimiter}${inherited['PATH']}`;
  return { ...inherited, PATH: searchPath, VIRTUAL_ENV: python.venv, PYTHONUNBUFFERED: '1' };
};
