import { hasHole, isHole } from '../../shell/holes.ts';
import type { ImageReference, ImageUse } from './image-use.ts';
import { imageNameOf } from './parse-reference.ts';
import { OFFICIAL_IMAGES, PUBLIC_NAMESPACES, PUBLIC_REGISTRIES } from './public-images.ts';

/** What a pipeline shows of which images are the project's. */
export interface OwnImages {
  /** Names it builds, tags or pushes, holes and all. */
  readonly names: ReadonlySet<string>;
  /** What is before the last `/` of those. */
  readonly namespaces: ReadonlySet<string>;
  /** What is behind it. */
  readonly bases: ReadonlySet<string>;
  readonly registries: ReadonlySet<string>;
}

const baseOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

const namespaceOf = (name: string): string | null => (name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : null);

export const findOwnImages = (uses: readonly ImageUse[]): OwnImages => {
  const made = uses.filter(({ use }) => use === 'build' || use === 'push' || use === 'tag');
  const names = new Set(made.flatMap(({ references }) => references.flatMap((one) => imageNameOf(one) ?? [])));
  return {
    names,
    registries: new Set(made.flatMap(({ references }) => references.flatMap(({ registry }) => registry ?? []))),
    bases: new Set([...names].map(baseOf)),
    namespaces: new Set([...names].flatMap((name) => namespaceOf(name) ?? [])),
  };
};

/** A registry that lives as long as the job. */
export const isOfJob = ({ registry }: ImageReference): boolean =>
  registry !== null && /^(?:localhost|127\.0\.0\.1)(?::|$)/.test(registry);

/** Registries that are one account's: whoever uses them put the image there. */
const ACCOUNT_REGISTRY =
  /\.dkr\.ecr\.|\.azurecr\.io$|-docker\.pkg\.dev$|^(?:\w+\.)?gcr\.io$|^registry\.digitalocean\.com$|\.ocir\.io$|\.scw\.cloud$|^registry\.heroku\.com$|^registry\.fly\.io$|^docker\.pkg\.github\.com$/;

/** On gcr.io there are images for everybody, too: those of a project of their own name, e.g. `gcr.io/cadvisor/cadvisor`. */
const isOfSomeAccount = ({ registry, repository }: ImageReference, name: string): boolean => {
  if (registry === null || !ACCOUNT_REGISTRY.test(registry)) return false;
  const [project = '', image] = (repository ?? '').split('/');
  return !registry.endsWith('gcr.io') || hasHole(name) || project !== image;
};

const isPublic = (name: string, { registry, repository }: ImageReference): boolean => {
  const [namespace = ''] = (repository ?? '').toLowerCase().split('/');
  if (registry !== null && PUBLIC_REGISTRIES.some((one) => registry === one || registry.endsWith(`.${one}`)))
    return true;
  if (PUBLIC_NAMESPACES.has(namespace) && name.includes('/')) return true;
  return registry === null && !name.includes('/') && OFFICIAL_IMAGES.has(name);
};

/** Whether everybody can have it, as far as its name tells. */
export const isPublicImage = (reference: ImageReference): boolean => isPublic(imageNameOf(reference) ?? '', reference);

/** Runs what only the project's image has, e.g. `docker run --rm app manage.py migrate`. */
const runsProject = ({ call }: ImageUse): boolean =>
  call?.words.some(({ value }) => /manage\.py|\bmigrate/.test(value)) === true;

/** Whether an image is the project's own, as far as that shows; one that is only used as a tool beside the work is not. */
export const isOwnImage = (use: ImageUse, reference: ImageReference, own: OwnImages): boolean => {
  const name = imageNameOf(reference);
  if (name === null) return true;
  if (name === '' || (name.length === 1 && isHole(name))) return true;
  if (own.names.has(name)) return true;
  if (isPublic(name, reference)) return false;
  const namespace = namespaceOf(name);
  if (namespace !== null && own.namespaces.has(namespace)) return true;
  // A compose file names helpers and the project's own side by side, as does a command that runs something once.
  if (!use.isHelper && use.saidIn === null) return true;
  const isOfAccount = isOfSomeAccount(reference, name);
  if (isOfAccount || (namespace !== null && hasHole(namespace))) return true;
  if (use.isHelper) return runsProject(use);
  const isOfRegistry = reference.registry !== null && own.registries.has(reference.registry);
  return own.bases.has(baseOf(name)) || use.isApp || isOfRegistry;
};
