import { allowsPython, type PythonWish } from './python-wishes.ts';

/**
 * Of these minor versions those that suit a project best. Files contradict each other, and what one names may not be installed: each wish that can be
 * met, the strongest first, leaves the versions that fit it; then those remain that are nearest to what cannot be met.
 */
export const suitableMinors = (minors: readonly number[], wishes: readonly PythonWish[]): readonly number[] => {
  const ordered = strongestFirst(wishes);
  return ordered.reduce(nearest, ordered.reduce(fitting, minors));
};

/**
 * What an installer refuses, then what does not start; then what the people of this project have chosen for themselves, and what it is known to
 * run on. A package without a wheel can be compiled, but not on a Python that is older than it asks for.
 */
const strongestFirst = (wishes: readonly PythonWish[]): readonly PythonWish[] => {
  const of = (kind: PythonWish['kind']): readonly PythonWish[] => wishes.filter((wish) => wish.kind === kind);
  const wheels = of('wheels');
  const oldest = wheels.map((wish): PythonWish => ({ ...wish, text: wish.text.replace(/,.*/, '') }));
  return [...of('range'), ...oldest, ...of('packages'), ...of('pin'), ...of('image'), ...wheels];
};

/** All where none fits. */
const fitting = (minors: readonly number[], wish: PythonWish): readonly number[] => {
  const found = minors.filter((minor) => allowsPython(wish, minor));
  return found.length === 0 ? minors : found;
};

/** Of two that are as near the newer one: packages drop old versions, and keep what was new once. */
const nearest = (minors: readonly number[], wish: PythonWish): readonly number[] => {
  const distances = minors.map((minor) => ({ minor, distance: distanceTo(wish, minor) }));
  const least = Math.min(...distances.map(({ distance }) => distance));
  return distances.filter(({ distance }) => distance === least).map(({ minor }) => minor);
};

/** Minor versions that are thought of. */
const FARTHEST = 100;

/** Infinite: no Python 3 fits. */
const distanceTo = (wish: PythonWish, minor: number): number => {
  for (let distance = 0; distance < FARTHEST; distance += 1) {
    if (allowsPython(wish, minor - distance)) return distance;
    // A quarter: what is newer than asked for comes before what is as much older.
    if (allowsPython(wish, minor + distance)) return distance + 0.25;
  }
  return Infinity;
};
