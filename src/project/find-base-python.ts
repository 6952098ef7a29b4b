import type { Environment } from '../config/environment.ts';
import { DevsetupError } from '../core/errors.ts';
import {
  inspectInterpreter,
  type InspectInterpreterOptions,
  type Inspected,
  type InterpreterFacts,
} from './inspect-interpreter.ts';
import { listInterpreters, type Candidate } from './list-interpreters.ts';
import { allowsPython, type PythonWish } from './python-wishes.ts';

export interface FindBasePythonOptions extends InspectInterpreterOptions {
  readonly environment: Environment;
  readonly wishes: readonly PythonWish[];
  /** Where interpreters lie that need not be on PATH; the usual folders if left out. */
  readonly systemFolders?: readonly string[] | undefined;
}

/** The oldest version that devsetup itself can start Django with. */
export const OLDEST_PYTHON = 8;

type Fits = (minor: number) => boolean;

/**
 * What is asked for, the strictest demand first. Files can contradict each other, and what a pin names may not be installed: then `requires-python`
 * is what counts, and after it what the packages need.
 */
const demands = (wishes: readonly PythonWish[]): readonly Fits[] => {
  const of = (...kinds: readonly PythonWish['kind'][]): readonly PythonWish[] =>
    wishes.filter(({ kind }) => kinds.includes(kind));
  const ranges = of('range');
  const packages = of('packages');
  const pins = of('pin');
  const [firstPin] = pins;
  const first = firstPin === undefined ? [] : [firstPin];
  return [
    wishes,
    [...ranges, ...packages, ...pins],
    [...ranges, ...pins],
    [...ranges, ...packages, ...first],
    [...ranges, ...first],
    [...ranges, ...packages, ...of('image')],
    [...ranges, ...packages],
    ranges,
    [],
  ].map((wanted) => (minor) => minor >= OLDEST_PYTHON && wanted.every((wish) => allowsPython(wish, minor)));
};

/** Starts each interpreter at most once. */
const inspecting = (options: InspectInterpreterOptions): ((candidate: Candidate) => Promise<Inspected>) => {
  const known = new Map<string, Promise<Inspected>>();
  return ({ interpreter }) => {
    const found = known.get(interpreter) ?? inspectInterpreter(interpreter, options);
    known.set(interpreter, found);
    return found;
  };
};

/**
 * The interpreter that a virtual environment of this project is to be made with: the python3 of a terminal where that fits what the project asks
 * for, else the newest one that fits and starts, from PATH, the version managers and the usual folders. Where none fits, one that starts;
 * `devsetup doctor` says what does not fit. Throws `PYTHON_MISSING` where none starts.
 */
export const findBasePython = async (options: FindBasePythonOptions): Promise<InterpreterFacts> => {
  const { environment, wishes, systemFolders } = options;
  const { usual, others } = await listInterpreters(environment, systemFolders);
  const inspect = inspecting(options);
  const candidates = [...(usual === null ? [] : [usual]), ...others];
  const [first] = candidates;
  const ofTerminal = first === undefined ? undefined : await inspect(first);
  // An active environment, be it by PATH alone, is what the user has chosen.
  if (ofTerminal?.kind === 'starts' && ofTerminal.facts.venv !== null) return ofTerminal.facts;
  for (const fits of demands(wishes)) {
    let second: InterpreterFacts | undefined;
    for (const candidate of candidates) {
      if (candidate.minor !== null && !fits(candidate.minor)) continue;
      const found = await inspect(candidate);
      if (found.kind === 'fails' || !fits(found.facts.minor) || found.facts.venv !== null) continue;
      if (found.facts.makesVenvs) return found.facts;
      second ??= found.facts;
    }
    if (second !== undefined) return second;
  }
  throw await noneStarts(candidates, inspect);
};

const noneStarts = async (
  candidates: readonly Candidate[],
  inspect: (candidate: Candidate) => Promise<Inspected>,
): Promise<Error> => {
  const reasons = await Promise.all(
    candidates.map(async (candidate) => {
      const found = await inspect(candidate);
      const why = found.kind === 'fails' ? found.reason : `it is Python 3.${found.facts.minor}, which is too old`;
      return `${candidate.interpreter}: ${why}`;
    }),
  );
  const none = 'There is no python3 on PATH and the project has no virtual environment.';
  const broken = 'No Python interpreter of this machine can be used, and the project has no virtual environment.';
  return new DevsetupError({
    code: 'PYTHON_MISSING',
    message: reasons.length === 0 ? none : [broken, ...reasons.map((reason) => `  ${reason}`)].join('\n'),
    hint: 'Install Python 3, or name an interpreter in devsetup.config.jsonc: { "backend": { "python": "/path/to/python3" } }',
  });
};
