import type { ImageUse } from './image-use.ts';
import { imageNameOf } from './parse-reference.ts';

/** What `docker push --all-tags` pushes: what the job has built or tagged under this name before. */
export const expandAllTags = (push: ImageUse, before: readonly ImageUse[]): readonly ImageUse[] => {
  const names = new Set(push.references.map(imageNameOf));
  const made = before.filter(
    ({ use, references }) =>
      (use === 'build' || use === 'tag') && references.some((one) => names.has(imageNameOf(one))),
  );
  return made.map(({ value, references, build, source }) => ({ ...push, value, references, build, source }));
};
