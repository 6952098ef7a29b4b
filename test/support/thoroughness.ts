/** In a pipeline, where a skipped test is a failure. */
export const isPipeline = process.env['CI'] === 'true';

/** Every test and all rows, as in `.ci/run` and in a pipeline; elsewhere those that are quick, the same in every run. */
export const isThorough = isPipeline || process.env['DEVSETUP_TEST_ALL'] === '1';

/** Why a test of `test/long-tests.json` is skipped. */
export const TAKES_LONG = 'takes long';

/** How many inputs a fuzz test generates. */
export const fuzzCount = (thorough: number): number => (isThorough ? thorough : Math.ceil(thorough / 20));

/** Of rows that one test body takes: all in a thorough run, elsewhere every `nth`, beginning with the first. */
export const sampleOf = <Row>(rows: readonly Row[], nth: number): readonly Row[] =>
  isThorough ? rows : rows.filter((_, index) => index % nth === 0);
