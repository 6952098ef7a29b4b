import type { ExistingPipeline } from './read-existing.ts';
import { showPlace } from './said.ts';

/** What to say where somebody's own workflows do already what the pipeline is for. */
export const offerDecouple = (
  pipelines: readonly ExistingPipeline[],
  { isRefused }: { readonly isRefused: boolean },
): readonly string[] => {
  const changing = pipelines.filter(({ does }) => does !== 'builds');
  const building = pipelines.filter(({ does }) => does === 'builds');
  return [
    ...(changing.length === 0
      ? []
      : [
          `${listOf(changing)} already: \`npx devsetup decouple\` gives the migrations there a job of their own, in place.${isRefused ? ' init writes a second pipeline only with --second-pipeline.' : ''}`,
        ]),
    ...(building.length === 0 ? [] : [`${listOf(building)} already: the new pipeline builds, too.`]),
  ];
};

/** `a.yml:12 deploys (job web), b.yml:3 migrates (job db)` */
const listOf = (pipelines: readonly ExistingPipeline[]): string =>
  pipelines.map(({ span, job, does }) => `${showPlace(span)} ${does} (job ${job})`).join(', ');
