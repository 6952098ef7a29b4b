import { type Holes, hasHole, isHole } from '../../shell/holes.ts';

/** One value that an expression may have. */
export interface Alternative {
  /** With holes. */
  readonly text: string;
  /** As a condition; null: not known. GitHub takes the text `false` for true, so it does not follow from the text. */
  readonly truth: boolean | null;
  /** What it is where another event starts the workflow: it counts in conditions, and is no value of a text. */
  readonly isAbsent?: true;
}

/** Every value that an expression may have: never empty. */
export type Alternatives = readonly Alternative[];

const LIMIT = 16;

export const textValue = (text: string): Alternative => ({ text, truth: text !== '' });

export const booleanValue = (value: boolean): Alternative => ({ text: String(value), truth: value });

export const EMPTY: Alternative = { text: '', truth: false };

export const ABSENT: Alternative = { ...EMPTY, isAbsent: true };

/** Each text once; where the same text is both true and not known to be, it is not known. */
export const uniteAlternatives = (alternatives: readonly Alternative[]): Alternatives => {
  const byText = new Map<string, Alternative>();
  for (const one of alternatives) {
    const known = byText.get(one.text);
    if (known === undefined) byText.set(one.text, one);
    else if (known.truth !== one.truth) byText.set(one.text, { ...one, truth: null });
    if (byText.size >= LIMIT) break;
  }
  return byText.size === 0 ? [EMPTY] : [...byText.values()];
};

/** `a || b` */
export const orElse = (left: Alternatives, right: () => Alternatives): Alternatives =>
  uniteAlternatives(
    left.flatMap((one) => {
      if (one.truth === true) return [one];
      return one.truth === false ? right() : [{ ...one, truth: true }, ...right()];
    }),
  );

/** `a && b` */
export const andThen = (left: Alternatives, right: () => Alternatives): Alternatives =>
  uniteAlternatives(
    left.flatMap((one) => {
      if (one.truth === true) return right();
      return one.truth === false ? [one] : [...right(), EMPTY];
    }),
  );

/** The condition that all of them agree on; null: not known. */
export const truthOf = (alternatives: Alternatives): boolean | null => {
  const first = alternatives[0]?.truth ?? null;
  return alternatives.every(({ truth }) => truth === first) ? first : null;
};

/** The one text that is known to the last character; undefined: it is not. */
export const literalOf = (alternatives: Alternatives): string | undefined => {
  const [only, ...others] = alternatives;
  return only === undefined || others.length > 0 || hasHole(only.text) ? undefined : only.text;
};

/** As one text: several values are a choice by the name of what people wrote. */
export const mergeAlternatives = (alternatives: Alternatives, name: string, holes: Holes): string => {
  const present = alternatives.filter(({ isAbsent }) => isAbsent !== true);
  const options = [...new Set((present.length > 0 ? present : alternatives).map(({ text }) => text))];
  const [only] = options;
  return options.length === 1 && only !== undefined ? only : holes.of({ kind: 'choice', name, options });
};

/** Several values again, where the text is nothing but a choice. */
export const splitAlternatives = (text: string, holes: Holes): Alternatives => {
  if (text.length !== 1 || !isHole(text))
    return [hasHole(text) ? { text, truth: text.length > 1 ? true : null } : textValue(text)];
  const hole = holes.get(text);
  if (hole?.kind === 'choice')
    return uniteAlternatives((hole.options ?? []).flatMap((one) => splitAlternatives(one, holes)));
  return [{ text, truth: hole?.kind === 'commit' || hole?.kind === 'run' ? true : null }];
};
