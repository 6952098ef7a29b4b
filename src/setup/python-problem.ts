import type { Config } from '../config/config.ts';
import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import { findPythonProblems } from '../project/python-problems.ts';
import type { Project } from '../project/types.ts';

/** What code for another version of Python, or a package that has none for this one, ends with. */
const FOLLOWS = /\b(?:SyntaxError|ImportError|ModuleNotFoundError|AttributeError|TypeError)\b/;

const tracebackOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'traceback' in cause ? String(cause.traceback) : '';

/** A start of Django that failed on a Python that does not fit: that is named first, since the error may follow from it. */
export const withPythonProblem = async (failure: unknown, project: Project, config: Config): Promise<unknown> => {
  if (!isDevsetupError(failure)) return failure;
  const told = [failure.message, ...failure.output, tracebackOf(failure.cause)].join('\n');
  if (!FOLLOWS.test(told)) return failure;
  const problem = (await findPythonProblems(project, config)).find(
    ({ code }) => code !== 'python-version-contradiction',
  );
  if (problem === undefined) return failure;
  const { code, message, hint, exitCode, output, data, cause } = failure;
  return new DevsetupError({
    code,
    message: `${problem.message}\n${message}`,
    hint: `${problem.remedy.text} ${hint ?? ''}`.trim(),
    exitCode,
    output,
    data,
    cause,
  });
};
