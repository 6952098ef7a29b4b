import { showHoles, type Holes } from '../../shell/holes.ts';
import type { RuleFinding } from '../finding.ts';
import type { ImageReference, ImageUse } from './image-use.ts';

/** As people write it; a tag without a name by itself. */
export const nameOfReference = ({ registry, repository, tag, digest }: ImageReference, holes: Holes): string => {
  const name = repository === null ? '' : `${registry === null ? '' : `${registry}/`}${repository}`;
  const suffix = `${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`;
  return showHoles(name === '' ? `the tag ${suffix.replace(/^:/, '')}` : `${name}${suffix}`, holes);
};

/** Where what is said comes from: variables, and compose files. */
export const evidenceOfUse = (
  { origins, saidIn, span }: ImageUse,
  holes: Holes,
): NonNullable<RuleFinding['evidence']> => {
  const shown = origins.filter((one) => one.span !== null && JSON.stringify(one.span) !== JSON.stringify(span));
  return [
    ...shown.map((one) => ({ text: `${showHoles(one.name, holes)} is set here`, span: one.span })),
    ...(saidIn === null ? [] : [{ text: saidIn.text, span: saidIn.span }]),
  ];
};
