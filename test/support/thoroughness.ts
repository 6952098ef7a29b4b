/** With CI=true generated tests run over all of their inputs; elsewhere over a sample that is the same in every run. */
export const isThorough = process.env['CI'] === 'true';

/** How many inputs a fuzz test generates. */
export const fuzzCount = (thorough: number): number => (isThorough ? thorough : Math.ceil(thorough / 20));
