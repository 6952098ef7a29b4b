import type { BuildInput, ImageReference, ImageUse } from '../../../audit/images/image-use.ts';
import { isOfJob } from '../../../audit/images/own-images.ts';
import { imageNameOf } from '../../../audit/images/parse-reference.ts';
import { imagesOfJob } from '../../../audit/images/pipeline-images.ts';
import type { Audit, AuditedJob } from '../../../audit/pipeline.ts';
import { hasHole } from '../../../shell/holes.ts';
import type { Said } from './said.ts';

const FRONTEND = /front-?end|(?:^|[/_-])(?:ui|client|spa)(?:$|[/_-])/i;

/** Registry and names of the images that are pushed, as far as they are written out. `frontends`: folders of the checkout. */
export const saidImages = (
  jobs: readonly AuditedJob[],
  audit: Audit,
  frontends: readonly string[],
): readonly Said[] => {
  const uses = jobs.flatMap((job) => imagesOfJob(job, audit));
  const builds = buildsByName(uses);
  const isOfFrontend = (reference: ImageReference): boolean =>
    FRONTEND.test(reference.repository ?? '') ||
    (builds.get(imageNameOf(reference) ?? '') ?? []).some((build) => isIn(frontends, build));
  return uses
    .filter(({ use }) => use === 'push')
    .flatMap(({ references, span }) =>
      references.flatMap((reference): readonly Said[] => {
        const { registry, repository } = reference;
        if (repository === null || isOfJob(reference) || hasHole(registry ?? '')) return [];
        // Without a registry and a namespace it can only be meant for this machine.
        if (registry === null && (!repository.includes('/') || hasHole(repository.split('/')[0] ?? ''))) return [];
        const host: Said = { option: 'registry', value: registry ?? 'docker.io', span };
        if (hasHole(repository)) return [host];
        const option = isOfFrontend(reference) ? 'frontendImage' : 'backendImage';
        return [host, { option, value: repository, span }];
      }),
    );
};

/** An image is often built by one command and pushed by another. */
const buildsByName = (uses: readonly ImageUse[]): ReadonlyMap<string, readonly BuildInput[]> => {
  const found = new Map<string, BuildInput[]>();
  for (const { references, build } of uses) {
    for (const reference of build === null ? [] : references) {
      const name = imageNameOf(reference);
      if (name !== null && build !== null) found.set(name, [...(found.get(name) ?? []), build]);
    }
  }
  return found;
};

const isIn = (folders: readonly string[], { context, file }: BuildInput): boolean =>
  folders.some((folder) => folder !== '.' && (context === folder || file?.startsWith(`${folder}/`) === true));
