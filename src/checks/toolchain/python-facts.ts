import type { PythonFacts } from '../../project/judge-python.ts';
import { readPythonLayout } from '../../project/python-problems.ts';
import type { PythonEnvironment } from '../../project/types.ts';
import { shownPath } from '../../project/version-wish.ts';
import type { CheckContext } from '../context.ts';

/** As `readPythonLayout`; where the files do not tell, from the start of Django. null: not known. */
export const readPythonFacts = async (
  context: Pick<CheckContext, 'root' | 'installed'>,
  environment: PythonEnvironment,
): Promise<PythonFacts | null> => {
  const { exists, interpreter } = environment;
  const found = await readPythonLayout(context.root, environment);
  if (found !== null || !exists) return found;
  const { python } = await context.installed();
  const minor = /^3\.(\d+)/.exec(python)?.[1];
  return minor === undefined
    ? null
    : { minor: Number(minor), version: python, interpreter: shownPath(context.root, interpreter) };
};
