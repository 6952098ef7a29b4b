/** What has been found out about texts. Bounded: what runs for long, or reads hostile files, does not keep all it has seen. */
export interface KnownTexts<T> {
  /** `find` is called once for each text, or again after very many others. */
  readonly of: (text: string, find: () => T) => T;
}

const MOST = 20_000;
/** Longer texts are rarely equal. */
const LONGEST = 2000;

export const createKnownTexts = <T>(): KnownTexts<T> => {
  const known = new Map<string, T>();
  return {
    of: (text, find) => {
      if (text.length > LONGEST) return find();
      const before = known.get(text);
      if (before !== undefined || known.has(text)) return before as T;
      const found = find();
      if (known.size >= MOST) known.clear();
      known.set(text, found);
      return found;
    },
  };
};
