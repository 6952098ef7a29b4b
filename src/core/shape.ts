/** Answers whether a value read from outside is a `T`. */
export type Guard<T> = (value: unknown) => value is T;

export type Guarded<G> = G extends Guard<infer T> ? T : never;

export const isText: Guard<string> = (value) => typeof value === 'string';
export const isCount: Guard<number> = (value): value is number => Number.isSafeInteger(value);

const isWithin =
  (least: number, most: number): Guard<number> =>
  (value): value is number =>
    isCount(value) && value >= least && value <= most;

/** 0 and negative numbers stand for groups of processes, which no file may name. */
export const isProcessNumber = isWithin(1, 2 ** 31 - 1);
export const isPort = isWithin(1, 65_535);

export type Table = Readonly<Record<string, unknown>>;
export const isRecord = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** A mapping as it is, anything else as an empty one. */
export const asRecord = (value: unknown): Table => (isRecord(value) ? value : {});
/** The texts of a list; [] for anything else. */
export const asTexts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter(isText) : []);

export const isExactly =
  <const T extends string | number | boolean | null>(...wanted: readonly T[]): Guard<T> =>
  (value): value is T =>
    wanted.some((each) => each === value);

export const isListOf =
  <T>(guard: Guard<T>): Guard<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.every(guard);

export const isOrNull =
  <T>(guard: Guard<T>): Guard<T | null> =>
  (value): value is T | null =>
    value === null || guard(value);

export const isOptional =
  <T>(guard: Guard<T>): Guard<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || guard(value);

export const isTexts = isListOf(isText);

/** An object with at least these fields. Files of devsetup are checked, too: another version may have written them, or a run was killed. */
export const hasShape =
  <S extends Readonly<Record<string, Guard<unknown>>>>(shape: S): Guard<{ readonly [K in keyof S]: Guarded<S[K]> }> =>
  (value): value is { readonly [K in keyof S]: Guarded<S[K]> } =>
    isRecord(value) && Object.entries(shape).every(([key, guard]) => guard(value[key]));
