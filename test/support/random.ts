/** A generator of its own seed, so that what a test generates is the same in every run (mulberry32). */
export interface Random {
  /** From 0 up to `below`, which is left out. */
  below(below: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
}

export const seeded = (seed: number): Random => {
  let state = seed;
  const below = (limit: number): number => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  };
  return { below, pick: (items) => items[below(items.length)] ?? items[0] };
};
