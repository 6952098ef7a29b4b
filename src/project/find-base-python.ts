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
import { suitableMinors } from './suitable-minors.ts';

export interface FindBasePythonOptions extends InspectInterpreterOptions {
  readonly environment: Environment;
  readonly wishes: readonly PythonWish[];
  /** Where interpreters lie that need not be on PATH; the usual folders if left out. */
  readonly systemFolders?: readonly string[] | undefined;
}

/** The oldest version that devsetup itself can start Django with. */
export const OLDEST_PYTHON = 8;

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
 * The interpreter that a virtual environment of this project is to be made with: of those that suit the project best, the python3 of a
 * terminal, else the newest that starts, from PATH, the version managers and the usual folders. `devsetup doctor` says what does not fit.
 * Throws `PYTHON_MISSING` where none starts.
 */
export const findBasePython = async (options: FindBasePythonOptions): Promise<InterpreterFacts> => {
  const { environment, wishes, systemFolders } = options;
  const { usual, others } = await listInterpreters(environment, systemFolders);
  const inspect = inspecting(options);
  const candidates = [...(usual === null ? [] : [usual]), ...others];
  const ofTerminal = usual === null ? undefined : await inspect(usual);
  // An active environment, be it by PATH alone, is what the user has chosen.
  if (ofTerminal?.kind === 'starts' && ofTerminal.facts.venv !== null) return ofTerminal.facts;

  const minorOf = async (candidate: Candidate): Promise<number | null> => {
    if (candidate.minor !== null && candidate !== usual) return candidate.minor;
    const found = await inspect(candidate);
    return found.kind === 'starts' && found.facts.venv === null ? found.facts.minor : null;
  };
  const of = async (some: readonly Candidate[]): Promise<readonly Numbered[]> => {
    const minors = await Promise.all(some.map(minorOf));
    return some.flatMap((candidate, index) => {
      const minor = minors[index] ?? null;
      return minor === null || minor < OLDEST_PYTHON ? [] : [{ candidate, minor }];
    });
  };
  const named = await of(candidates.filter((candidate) => candidate === usual || candidate.minor !== null));
  // Those are started only where they may be of use.
  const fits = ({ minor }: Numbered): boolean => wishes.every((wish) => allowsPython(wish, minor));
  let left = named.some(fits) ? named : await of(candidates);
  while (left.length > 0) {
    const minors = suitableMinors([...new Set(left.map(({ minor }) => minor))], wishes);
    let second: InterpreterFacts | undefined;
    for (const { candidate, minor } of left.filter((one) => minors.includes(one.minor))) {
      const found = await inspect(candidate);
      if (found.kind === 'fails' || found.facts.minor !== minor || found.facts.venv !== null) continue;
      if (found.facts.makesVenvs) return found.facts;
      second ??= found.facts;
    }
    if (second !== undefined) return second;
    left = left.filter(({ minor }) => !minors.includes(minor));
  }
  throw await noneStarts(candidates, inspect);
};

interface Numbered {
  readonly candidate: Candidate;
  readonly minor: number;
}

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
