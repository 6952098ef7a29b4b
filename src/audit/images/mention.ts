import type { Span } from '../../core/placed-text.ts';
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
  /** Where it is written, if that is not the part's own place. */
  readonly span?: Span;
  readonly saidIn?: NonNullable<ImageUse['saidIn']>;
}

export type ImageVerb = ImageUse['use'];

/** One mention a part. */
export const mentionAll = (
  use: ImageVerb,
  parts: readonly Part[],
  more: Omit<Mention, 'use' | 'part'> = {},
): readonly Mention[] => parts.map((part) => ({ use, part, ...more }));
