import type { Environment } from '../config/environment.ts';
import { DevsetupError } from '../core/errors.ts';
import { findProgram, findPrograms } from './find-program.ts';
import { inspectInterpreter, type InspectInterpreterOptions, type InterpreterFacts } from './inspect-interpreter.ts';
import { satisfiesPython, type WantedPython } from './python-version.ts';

export interface BasePython {
  readonly interpreter: string;
  readonly facts: InterpreterFacts;
}

/** Versions that are looked for on PATH by name, the newest first. */
const MINORS = [15, 14, 13, 12, 11, 10, 9, 8];

const suits = (minor: number | null, { requires }: WantedPython): boolean =>
  minor === null || requires === null || satisfiesPython(minor, requires);

/** The pinned version first unless the project excludes it (version files can contradict each other), then the newest that suits. */
const namesToTry = (wanted: WantedPython): readonly string[] => {
  const suitable = MINORS.filter((minor) => suits(minor, wanted));
  const { pinned } = wanted;
  const first = pinned !== null && suits(pinned, wanted) ? [pinned] : [];
  return [...first, ...suitable].map((minor) => `python3.${minor}`);
};

const isPinned = ({ facts }: BasePython, { pinned }: WantedPython): boolean =>
  pinned === null || facts.minor === null || facts.minor === pinned;

const missing = (): Error =>
  new DevsetupError({
    code: 'PYTHON_MISSING',
    message: 'There is no python3 on PATH and the project has no virtual environment.',
    hint: 'Install Python 3, or name an interpreter in devsetup.config.jsonc: { "backend": { "python": "/path/to/python3" } }',
  });

/**
 * The interpreter on PATH for this project: the first python3, unless the version files ask for another one that is there. Throws
 * `PYTHON_MISSING` where there is none at all.
 */
export const findBasePython = async (
  options: InspectInterpreterOptions & { readonly environment: Environment; readonly wanted: WantedPython },
): Promise<BasePython> => {
  const { environment, wanted } = options;
  const [usual] = [...(await findPrograms('python3', environment)), ...(await findPrograms('python', environment))];
  const first =
    usual === undefined ? undefined : { interpreter: usual, facts: await inspectInterpreter(usual, options) };
  if (first !== undefined && first.facts.venv !== null) return first;
  if (first !== undefined && suits(first.facts.minor, wanted) && isPinned(first, wanted)) return first;
  for (const name of namesToTry(wanted)) {
    const interpreter = await findProgram(name, environment);
    // A merely pinned version is a wish: the usual interpreter is better than any third one.
    const isThird = first !== undefined && suits(first.facts.minor, wanted) && name !== `python3.${wanted.pinned}`;
    if (interpreter === undefined || isThird) continue;
    return { interpreter, facts: await inspectInterpreter(interpreter, options) };
  }
  if (first === undefined) throw missing();
  return first;
};
