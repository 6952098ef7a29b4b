/**
 * Measures candidates in turn, so that all see the same machine: a b c, c b a, a b c …
 *
 * @param {{ pairs: number, candidates: Record<string, { prepare?: () => Promise<void>, run: () => Promise<number>, rounds?: number }> }} options
 *   `run` gives seconds; `prepare` is not timed; `rounds` limits a slow candidate to the first few rounds.
 * @returns {Promise<Record<string, number[]>>} by candidate, one value a round it took part in
 */
export const compare = async ({ pairs, candidates }) => {
  const names = Object.keys(candidates);
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < pairs; round += 1) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const { prepare, run, rounds = pairs } = candidates[name];
      if (round >= rounds) continue;
      await prepare?.();
      results[name].push(await run());
    }
  }
  return results;
};
