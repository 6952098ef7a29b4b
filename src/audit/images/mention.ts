import type { BuildInput, ImageUse } from './image-use.ts';
import type { Part } from './part.ts';

/** What a command or an action says of one image; `findImages` makes an `ImageUse` of it. */
export interface Mention {
  readonly use: ImageUse['use'];
  readonly part: Part;
  /** Only a tag is said, not what of. */
  readonly isTagOnly?: boolean;
  /** `docker push --all-tags`: every tag that the job has given this name. */
  readonly isAllTags?: boolean;
  readonly build?: BuildInput;
  readonly source?: string;
  readonly isHelper?: boolean;
  /** Of a compose file: the service's name says that it is the project's own. */
  readonly isApp?: boolean;
  /** Of a manifest: a command that sets the image of what is applied takes its place. */
  readonly isReplaceable?: boolean;
  readonly saidIn?: NonNullable<ImageUse['saidIn']>;
}

export type ImageVerb = ImageUse['use'];

/** One mention a part. */
export const mentionAll = (
  use: ImageVerb,
  parts: readonly Part[],
  more: Omit<Mention, 'use' | 'part'> = {},
): readonly Mention[] => parts.map((part) => ({ use, part, ...more }));
