/**
 * What stands for a value that is only known while a workflow runs. A hole is one private-use character in an otherwise plain string,
 * so that values with unknown parts are split, joined, compared and parsed like any other text.
 */
export type HoleKind =
  /** The commit's SHA, whole or shortened. */
  | 'commit'
  /** `sha256:…` of an image. */
  | 'digest'
  /** The name of a branch. */
  | 'branch'
  /** The name of a Git tag, e.g. of a release. */
  | 'git-tag'
  /** Differs in every run: run id, run number, attempt, time. */
  | 'run'
  | 'secret'
  /** One of several known values: a matrix, a default, the branches of a condition. */
  | 'choice'
  | 'unknown';

export interface Hole {
  readonly kind: HoleKind;
  /** As people write it: `github.sha`, `secrets.SSH_KEY`, `$TAG`. */
  readonly name: string;
  /** Of a choice: its values, which may have holes themselves. */
  readonly options?: readonly string[];
  /** How many characters of it, e.g. 7 for `${GITHUB_SHA::7}`; undefined: all. */
  readonly length?: number;
}

/** One table an audit: equal holes are equal characters. */
export interface Holes {
  /** The character that stands for it. */
  of(hole: Hole): string;
  get(character: string): Hole | undefined;
}

const FIRST = 0xe000;
const LAST = 0xf8fd;
/** Stands for any hole once there are too many. */
const OVERFLOW: Hole = { kind: 'unknown', name: '?' };

/** Keeps the length of what a hole replaces; never part of a value. */
export const PADDING = '\uF8FF';

export const isHole = (character: string): boolean =>
  character.length === 1 && character >= '\uE000' && character < PADDING;

export const hasHole = (text: string): boolean => /[\uE000-\uF8FE]/.test(text);

export { withoutPrivateUse } from '../core/private-use.ts';

/** A hole as long as what it replaces. */
export const padHole = (hole: string, length: number): string =>
  hole + PADDING.repeat(Math.max(0, length - hole.length));

export const withoutPadding = (text: string): string => (text.includes(PADDING) ? text.replaceAll(PADDING, '') : text);

/** Holes in the options of a choice, and in theirs: whoever follows them all stays within this. */
const HEAVIEST = 500;

/** Most have a kind and a name alone, and are asked for again and again. */
const keyOf = ({ kind, name, length, options }: Hole): string =>
  length === undefined && options === undefined
    ? `${kind} ${name}`
    : JSON.stringify([kind, name, length ?? null, options ?? null]);

export const createHoles = (): Holes => {
  const byKey = new Map<string, string>();
  const byCharacter = new Map<string, Hole>();
  const weights = new Map<string, number>();
  const weightOf = ({ options = [] }: Hole): number => {
    let weight = 1;
    for (const option of options) {
      for (const [character] of option.matchAll(/[\uE000-\uF8FE]/g)) weight += weights.get(character) ?? 1;
    }
    return weight;
  };
  return {
    of: (wanted) => {
      const weight = wanted.options === undefined ? 1 : weightOf(wanted);
      // A script that chooses between values which are choices between values … says as little as nothing.
      const hole: Hole = weight > HEAVIEST ? { kind: 'unknown', name: wanted.name } : wanted;
      const key = keyOf(hole);
      const known = byKey.get(key);
      if (known !== undefined) return known;
      const isFull = FIRST + byKey.size >= LAST;
      const character = String.fromCharCode(isFull ? LAST : FIRST + byKey.size);
      byKey.set(key, character);
      byCharacter.set(character, isFull ? OVERFLOW : hole);
      weights.set(character, isFull || hole !== wanted ? 1 : weight);
      return character;
    },
    get: (character) => byCharacter.get(character),
  };
};

/** The holes of a value, in order. */
export const holesIn = (text: string, holes: Holes): readonly Hole[] =>
  text.match(/[\uE000-\uF8FE]/g)?.map((character) => holes.get(character) ?? OVERFLOW) ?? NO_HOLES;

const NO_HOLES: readonly Hole[] = [];

/** Every text that choices allow, at most `limit` of them; other holes stay. */
export const expandChoices = (text: string, holes: Holes, limit = 16): readonly string[] => {
  const choice = text.match(/[\uE000-\uF8FE]/g)?.find((character) => holes.get(character)?.kind === 'choice');
  if (choice === undefined) return [text];
  const at = text.indexOf(choice);
  const options = holes.get(choice)?.options ?? [];
  const before = text.slice(0, at);
  const after = text.slice(at + 1);
  const found: string[] = [];
  for (const option of options) {
    // Asked for no more, it would go through all of them to find none.
    if (found.length >= limit) break;
    found.push(...expandChoices(before + option + after, holes, limit - found.length));
  }
  return [...new Set(found)];
};

/** For people: holes by their names, `app:${github.sha}`. */
export const showHoles = (text: string, holes: Holes): string => {
  const unpadded = withoutPadding(text);
  if (!hasHole(unpadded)) return unpadded;
  return unpadded.replaceAll(/[\uE000-\uF8FE]/g, (character) => {
    const { name } = holes.get(character) ?? OVERFLOW;
    return name.startsWith('$') ? name : `\${${name}}`;
  });
};
