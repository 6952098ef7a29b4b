import { isRecord } from './shape.ts';

/** Absolute path → what the file is going to hold. A file that is not among them is as it is on disk. */
export type Copies = ReadonlyMap<string, string>;

/** What files say together, as the program that they are for reads them, and how an edit is to change that. */
export interface Meaning {
  readonly of: (copies: Copies) => Promise<unknown>;
  /** What `of` gives once the edit is done. Everything else stays. */
  readonly wanted: (before: unknown) => unknown;
}

/** An edit of one file, to be written only if it changes nothing but what is wanted. */
export interface Edit {
  /** Absolute. */
  readonly file: string;
  readonly edit: (text: string) => string;
  readonly meaning: Meaning;
}

export type Verdict =
  | { readonly kind: 'safe'; readonly copies: Copies }
  /** The edit leaves the text as it is. */
  | { readonly kind: 'nothing' }
  /** `difference`: where the meaning would not be the wanted one, e.g. `services.worker.depends_on`. */
  | { readonly kind: 'unsafe'; readonly difference: string };

/** Applies an edit to copies, and compares what the files mean before and after. Writes nothing. */
export const judgeEdit = async ({ file, edit, meaning }: Edit, copies: Copies): Promise<Verdict> => {
  const text = copies.get(file) ?? '';
  const edited = edit(text);
  if (edited === text) return { kind: 'nothing' };
  const after = new Map(copies).set(file, edited);
  const wanted = meaning.wanted(await meaning.of(copies));
  const difference = differenceOf(wanted, await meaning.of(after));
  return difference === null ? { kind: 'safe', copies: after } : { kind: 'unsafe', difference };
};

/** The path of the first value that is not the same; null: there is none. The order of keys does not count. */
export const differenceOf = (a: unknown, b: unknown): string | null => {
  const path = findDifference(a, b);
  return path === null ? null : path.join('.');
};

const findDifference = (a: unknown, b: unknown): readonly string[] | null => {
  const areLists = Array.isArray(a) && Array.isArray(b);
  if (!areLists && !(isRecord(a) && isRecord(b))) return Object.is(a, b) ? null : [];
  const [before, after] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    if (!before.has(key) || !after.has(key)) return [key];
    const deeper = findDifference(before.get(key), after.get(key));
    if (deeper !== null) return [key, ...deeper];
  }
  return null;
};
