import { allowsPython, readPythonWishes, type PythonWish, type Wishing } from '../../project/python-wishes.ts';
import type { Finding } from './finding.ts';

/** Minor versions of Python 3, the preferred one first, for a project that allows several. */
const PREFERRED = [12, 13, 11, 14, 10, 9];

/** What version files, pyproject.toml, a Dockerfile or the packages say. */
export const findPythonVersion = async (places: Wishing): Promise<Finding | undefined> =>
  choosePython(await readPythonWishes(places));

/** The version that suits all of them, or where they contradict each other the one that is pinned. */
export const choosePython = (wishes: readonly PythonWish[]): Finding | undefined => {
  const [first] = wishes;
  if (first === undefined) return undefined;
  const pins = [...wishes.filter(isPin), ...wishes.filter(isImage)];
  const candidates = [...pins.flatMap(({ minors }) => minors), ...PREFERRED];
  const needed = wishes.filter(({ kind }) => kind !== 'wheels');
  const strict = needed.filter((wish) => !isImage(wish));
  const find = (wanted: readonly PythonWish[]): number | undefined =>
    candidates.find((candidate) => wanted.every((wish) => allowsPython(wish, candidate)));
  const minor = find(wishes) ?? find(needed) ?? find(strict) ?? pins[0]?.minors[0];
  return minor === undefined ? undefined : { value: `3.${minor}`, source: (pins[0] ?? first).source };
};

const isPin = (wish: PythonWish): wish is PythonWish & { readonly kind: 'pin' } => wish.kind === 'pin';
const isImage = (wish: PythonWish): wish is PythonWish & { readonly kind: 'image' } => wish.kind === 'image';
