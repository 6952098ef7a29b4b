const FIRST_MILLISECONDS = 1_000;
const LONGEST_MILLISECONDS = 30_000;

/**
 * The pause before the next try, counted from 1: doubling, and between half and the whole of it by chance, so that several runs
 * that gave way to each other do not meet again.
 */
export const backoffMilliseconds = (attempt: number, random: () => number): number =>
  Math.round(Math.min(FIRST_MILLISECONDS * 2 ** (attempt - 1), LONGEST_MILLISECONDS) * (0.5 + random() / 2));
