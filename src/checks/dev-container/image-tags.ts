import { defineCheck, problemsOr, type Place } from '../../core/check.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';
import { variantOf } from '../../devcontainer/property-table.ts';
import { readDockerfile, stagesOf } from '../../project/read-dockerfile.ts';
import { findTextOf, shown } from '../../project/files.ts';
import type { CheckContext } from '../context.ts';
import { buildOf } from '../../devcontainer/build-of.ts';
import { openDevContainer } from './open-dev-container.ts';

/** An image with the place that names it. */
export interface NamedImage {
  readonly image: string;
  readonly by: string;
  readonly place: Place;
}

/** No image is whatever happens to be the latest. */
export const imageTags = defineCheck<CheckContext, 'image-tag-latest'>({
  id: 'devcontainer-images',
  group: 'dev-container',
  title: 'Images of the dev container',
  findings: { 'image-tag-latest': 'warning' },
  run: async (context) => {
    const found = await openDevContainer(context);
    const images = [...namedImages(found), ...(await dockerfileImages(found, context.root))];
    const floating = images.filter(({ image }) => isFloating(image));
    const [first] = floating;
    if (first === undefined) return problemsOr([], images.map(({ image }) => image).join(', ') || 'no image is named');
    const names = floating.map(({ image }) => image).join(', ');
    return problemsOr(
      [
        {
          code: 'image-tag-latest',
          message: `${floating.length === 1 ? `The image ${names} is` : `The images ${names} are`} not pinned to a version, so what starts tomorrow may differ from today's.`,
          evidence: floating.map(({ by, image, place }) => `${place.file}:${place.line ?? 1} ${by}: ${image}`),
          remedy: {
            text: `Give ${floating.length === 1 ? 'it' : 'each'} a tag with a version, e.g. postgres:17.`,
            command: null,
          },
          place: first.place,
        },
      ],
      '',
    );
  },
});

/** What a variable stands for, a digest, and an image without a registry's content are no matter of tags. */
export const isFloating = (image: string): boolean => {
  if (image.includes('$') || image.includes('@') || image === 'scratch' || image === '') return false;
  const [, tag] = /:([^:/]+)$/.exec(image) ?? [];
  return tag === undefined || tag === 'latest';
};

const namedImages = ({ properties, compose, placeOf }: DevContainer): readonly NamedImage[] => {
  const own = properties['image'];
  return [
    ...(typeof own === 'string' && variantOf(properties) === 'image'
      ? [{ image: own, by: 'image', place: placeOf(['image']) }]
      : []),
    // An image beside a build names what is built here.
    ...(compose?.services ?? []).flatMap(({ name, image, build, place }) =>
      image === null || build !== null ? [] : [{ image, by: `service ${name}`, place }],
    ),
  ];
};

const dockerfileImages = async (found: DevContainer, root: string): Promise<readonly NamedImage[]> => {
  const { dockerfile, target } = buildOf(found);
  const text = dockerfile === null ? undefined : await findTextOf(dockerfile, { from: root });
  if (dockerfile === null || text === undefined) return [];
  const base = stagesOf(readDockerfile(text), target).at(-1);
  if (base === undefined) return [];
  return [{ image: base.from, by: 'FROM', place: { file: shown(root, dockerfile), line: base.line, column: 1 } }];
};
