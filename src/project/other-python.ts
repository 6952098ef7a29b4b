import type { Environment } from '../config/environment.ts';
import { OLDEST_PYTHON } from './find-base-python.ts';
import type { PythonFacts } from './judge-python.ts';
import { listInterpreters } from './list-interpreters.ts';
import { readPythonLayout } from './python-problems.ts';
import { allowsPython, readPythonWishes, type PythonWish } from './python-wishes.ts';
import type { Project } from './types.ts';
import { shownPath } from './version-wish.ts';

interface Situation {
  readonly python: PythonFacts;
  readonly wishes: readonly PythonWish[];
  /** Minor versions that are installed. */
  readonly installed: readonly number[];
  /** The virtual environment as it is shown; null: none. */
  readonly venv: string | null;
}

/** `psycopg2-binary` of `requirements.txt (psycopg2-binary 2.8.3)`. */
const packageOf = ({ source }: PythonWish): string | undefined =>
  /\(([\w.-]+) [^)]*\)$/.exec(source)?.[1]?.toLowerCase();

/**
 * Which Python to use for a package that does not work on this one; undefined: it does, as far as is known. An installed one that
 * the package works on is the best, then one that a file of the project names.
 */
export const otherPython = (name: string, { python, wishes, installed, venv }: Situation): string | undefined => {
  const unmet = wishes.find(
    (wish) =>
      (wish.kind === 'packages' || wish.kind === 'wheels') &&
      packageOf(wish) === name.toLowerCase() &&
      !allowsPython(wish, python.minor),
  );
  if (unmet === undefined) return undefined;
  const ranges = wishes.filter(({ kind }) => kind === 'range');
  const isAllowed = (minor: number): boolean =>
    minor >= OLDEST_PYTHON && minor !== python.minor && ranges.every((range) => allowsPython(range, minor));
  const namedBy = (minor: number): PythonWish | undefined =>
    wishes.find((wish) => (wish.kind === 'pin' || wish.kind === 'image') && allowsPython(wish, minor));
  const usable = installed.filter(isAllowed).toSorted((a, b) => b - a);
  const fitting = usable.filter((minor) => allowsPython(unmet, minor));
  const minor =
    fitting.find((each) => namedBy(each) !== undefined) ??
    fitting[0] ??
    usable.find((each) => namedBy(each) !== undefined);
  if (minor === undefined) return undefined;
  const wish = namedBy(minor);
  const who = wish === undefined ? '' : `, and ${wish.source} asks for it`;
  const again = venv === null ? '' : `, and delete ${venv}, which devsetup then creates again`;
  return `${unmet.source} has files for Python ${unmet.text} only, and this is Python ${python.version}. Python 3.${minor} is installed${who}: put \`"backend": { "python": "python3.${minor}" }\` into the configuration${again}.`;
};

/** The same for a project of this machine. */
export const otherPythonOf = async (
  { root, backend }: Project,
  environment: Pick<Environment, 'get' | 'asRecord'>,
): Promise<(name: string) => string | undefined> => {
  const { directory: backendDirectory, requirements, python } = backend;
  const facts = await readPythonLayout(root, python);
  if (facts === null) return () => undefined;
  const { usual, others } = await listInterpreters(environment);
  const situation: Situation = {
    python: facts,
    wishes: await readPythonWishes({ root, backendDirectory, requirements }),
    installed: [usual, ...others].flatMap((candidate) => candidate?.minor ?? []),
    venv: python.venv === null ? null : shownPath(root, python.venv),
  };
  return (name) => otherPython(name, situation);
};
