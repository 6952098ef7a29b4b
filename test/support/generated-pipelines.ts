import { allCombinations, renderParts } from '../integration/workflows/support/all-combinations.ts';

export interface GeneratedPipeline {
  readonly name: string;
  /** Paths relative to the root. */
  readonly checkout: Readonly<Record<string, string>>;
}

/** What `init --workflows` writes: one for each way that makes a difference to the audit. */
export const generatedPipelines = (): Promise<readonly GeneratedPipeline[]> =>
  Promise.all(
    allCombinations()
      .filter(({ name }) => /-url-.*-npm-pip$/.test(name))
      .map(async ({ name, parts }) => ({
        name,
        checkout: Object.fromEntries((await renderParts(parts)).map(({ path, text }) => [path, text])),
      })),
  );
