/** With CI=true tables run with all their rows; elsewhere with a sample that is the same in every run. */
export const isThorough = process.env['CI'] === 'true';

/** How many inputs a fuzz test generates. */
export const fuzzCount = (thorough: number): number => (isThorough ? thorough : Math.ceil(thorough / 20));

/**
 * Of rows that hold the same assertions against different inputs: all with CI=true, elsewhere every `nth`, beginning with the first.
 * Not for rows with assertions of their own: those run everywhere.
 */
export const sampleOf = <Row>(rows: readonly Row[], nth: number): readonly Row[] =>
  isThorough ? rows : rows.filter((_, index) => index % nth === 0);
