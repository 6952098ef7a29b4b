/**
 * Measures candidates in turn, so that all see the same machine: a b c, c b a, a b c …
 *
 * @param {{ pairs: number, candidates: Record<string, { prepare?: () => Promise<void>, run: () => Promise<number> }> }} options
 *   `run` gives seconds; `prepare` is not timed.
 * @returns {Promise<Record<string, number[]>>} by candidate, one value a round
 */
export const compare = async ({ pairs, candidates }) => {
  const names = Object.keys(candidates);
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < pairs; round += 1) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      await candidates[name].prepare?.();
      results[name].push(await candidates[name].run());
    }
  }
  return results;
};
