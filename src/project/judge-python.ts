import type { Problem, Remedy } from '../core/check.ts';
import { allowsPython as allows, type PythonWish } from './python-wishes.ts';
import { evidenceOf, placeOf } from './version-wish.ts';

export const PYTHON_FINDINGS = {
  'python-version-unsupported': 'error',
  'python-version-mismatch': 'warning',
  'python-version-contradiction': 'warning',
} as const;

type Code = keyof typeof PYTHON_FINDINGS;

/** The project's Python: minor version, how to call its version, and what it is called. */
export interface PythonFacts {
  readonly minor: number;
  /** e.g. `3.11.7`, or `3.11` where no more is known. */
  readonly version: string;
  /** e.g. `backend/.venv/bin/python`. */
  readonly interpreter: string;
}

/** Minor versions that are thought of: of what comes after them nothing is known. */
const MINORS = Array.from({ length: 100 }, (_, minor) => minor);

const isRange = ({ kind }: PythonWish): boolean => kind !== 'pin' && kind !== 'image';

/** Two that no Python 3 could both please; two ranges are not compared. */
const contradict = (one: PythonWish, other: PythonWish): boolean =>
  !(isRange(one) && isRange(other)) && !MINORS.some((minor) => allows(one, minor) && allows(other, minor));

/** Pairs of files that contradict each other, in the order of the files. */
const contradictions = (wishes: readonly PythonWish[]): readonly (readonly [PythonWish, PythonWish])[] =>
  wishes.flatMap((one, index) =>
    wishes
      .slice(index + 1)
      .filter((other) => contradict(one, other))
      .map((other): readonly [PythonWish, PythonWish] => [one, other]),
  );

/**
 * What is wrong with this Python where these wishes are; python null: its version is not known. `isEnforced`: the tool that installs
 * refuses one that `requires-python` excludes. Of a pin that contradicts another file only that is said.
 */
export const judgePython = (
  python: PythonFacts | null,
  wishes: readonly PythonWish[],
  { isEnforced, remedyFor }: { readonly isEnforced: boolean; readonly remedyFor: (minor: number) => Remedy },
): readonly Problem<Code>[] => {
  const pairs = contradictions(wishes);
  const [pair] = pairs;
  const disputed = new Set(pairs.flat());
  return [
    ...(pair === undefined ? [] : [contradiction(pair, [...disputed], python)]),
    ...(python === null ? [] : versionProblem(python)),
  ];

  /** A pin that is not met either has the same cause, and is in the evidence. */
  function versionProblem(facts: PythonFacts): readonly Problem<Code>[] {
    const problems = unsupported(facts);
    return problems.length > 0 ? problems : mismatch(facts);
  }

  function unsupported({ minor, version, interpreter }: PythonFacts): readonly Problem<Code>[] {
    // That there is no wheel is said above where another file asks for this Python.
    const counted = wishes.filter((wish) => isRange(wish) && !(wish.kind === 'wheels' && disputed.has(wish)));
    const unmet = counted.find((wish) => !allows(wish, minor));
    if (unmet === undefined) return [];
    const wanted = MINORS.filter((other) => allows(unmet, other));
    const isTooOld = wanted.some((other) => other > minor);
    return [
      {
        code: 'python-version-unsupported',
        message: `${CLAIMS[unmet.kind](unmet)}, and ${interpreter} is Python ${version}.`,
        evidence: evidenceOf(wishes),
        remedy: remedyFor((isTooOld ? wanted.find((other) => other > minor) : wanted.at(-1)) ?? minor),
        place: placeOf(unmet),
        // Caps are set with care, or out of habit: what is newer often works.
        ...(isTooOld || (isEnforced && unmet.kind === 'range') ? {} : { severity: 'warning' }),
      },
    ];
  }

  function mismatch({ minor, version, interpreter }: PythonFacts): readonly Problem<Code>[] {
    const unmet = wishes.filter((wish) => !isRange(wish) && !disputed.has(wish) && !allows(wish, minor));
    const first = unmet.find(({ kind }) => kind === 'pin') ?? unmet[0];
    if (first === undefined || (first.kind !== 'pin' && first.kind !== 'image')) return [];
    return [
      {
        code: 'python-version-mismatch',
        message: `${first.source} asks for Python ${first.text}, and ${interpreter} is Python ${version}.`,
        evidence: evidenceOf(unmet),
        remedy: remedyFor(first.minors[0] ?? minor),
        place: placeOf(first),
        // The image is another machine: it only tells what the project runs on elsewhere.
        ...(first.kind === 'image' ? { severity: 'info' } : {}),
      },
    ];
  }
};

const asks = ({ source, text }: PythonWish): string => `${source} asks for Python ${text}`;

const CLAIMS: Readonly<Record<PythonWish['kind'], (wish: PythonWish) => string>> = {
  range: asks,
  pin: asks,
  image: asks,
  packages: ({ source, text }) => `${source} works on Python ${text}`,
  wheels: ({ source, text }) => `${source} has wheels for Python ${text} only`,
};

const contradiction = (
  pair: readonly [PythonWish, PythonWish],
  all: readonly PythonWish[],
  python: PythonFacts | null,
): Problem<Code> => {
  const [one, other] = pair;
  const claim = CLAIMS[other.kind](other);
  const second = CLAIMS[one.kind] === asks && CLAIMS[other.kind] === asks ? `${other.source} for ${other.text}` : claim;
  return {
    code: 'python-version-contradiction',
    message: `${CLAIMS[one.kind](one)}, and ${second}.${used(pair, python)}`,
    evidence: evidenceOf(all),
    remedy: { text: `Decide which is meant, and write it into ${other.file} or ${one.file} too.`, command: null },
    place: placeOf(other),
  };
};

/** Which of the two has its way. */
const used = (pair: readonly PythonWish[], python: PythonFacts | null): string => {
  if (python === null) return '';
  const met = pair.find((wish) => allows(wish, python.minor));
  return ` In use is Python ${python.version} (${python.interpreter})${met === undefined ? '' : `, which suits ${met.source}`}.`;
};
