import { hasHole } from '../../shell/holes.ts';
import { imagesOfPipeline } from '../images/pipeline-images.ts';
import { parseReference } from '../images/parse-reference.ts';
import { isPublicImage } from '../images/own-images.ts';
import type { Audit, AuditedJob, Pipeline } from '../pipeline.ts';
import type { ContainerStart } from './container-start.ts';
import { joinPath } from './join-path.ts';

/** A Dockerfile that a job builds. */
export interface BuiltImage {
  readonly job: AuditedJob;
  readonly build: NonNullable<ContainerStart['build']>;
  /** The last part of each name that it gets: `shop` of `ghcr.io/acme/shop:1`. */
  readonly names: ReadonlySet<string>;
}

export const nameOfImage = (repository: string): string =>
  repository.slice(repository.lastIndexOf('/') + 1).toLowerCase();

/** The Dockerfiles of the checkout that a pipeline builds, each once. */
export const builtImages = (pipeline: Pipeline, audit: Audit): readonly BuiltImage[] => {
  const known = BUILT.get(pipeline) ?? findBuilt(pipeline, audit);
  BUILT.set(pipeline, known);
  return known;
};

const BUILT = new WeakMap<Pipeline, readonly BuiltImage[]>();

/** Those that any pipeline of the checkout builds. */
export const allBuiltImages = (audit: Audit): readonly BuiltImage[] => {
  const known = ALL_BUILT.get(audit) ?? audit.pipelines.flatMap((pipeline) => builtImages(pipeline, audit));
  ALL_BUILT.set(audit, known);
  return known;
};

const ALL_BUILT = new WeakMap<Audit, readonly BuiltImage[]>();

const findBuilt = (pipeline: Pipeline, audit: Audit): readonly BuiltImage[] => {
  const found = new Map<string, { job: AuditedJob; build: BuiltImage['build']; names: Set<string> }>();
  for (const { use, build, job, call, references } of imagesOfPipeline(pipeline, audit).uses) {
    // Those of compose are read from its file.
    if (use !== 'build' || build === null || build.context.includes('#') || job.role === 'test') continue;
    const folder = call?.directory ?? '';
    const context = joinPath(folder, build.context);
    const file = context === null ? null : joinPath(build.file === null ? context : folder, build.file ?? 'Dockerfile');
    if (context === null || file === null || audit.readFile(file) === undefined) continue;
    const target = build.target === null || hasHole(build.target) ? null : build.target;
    const key = `${file} ${context} ${target ?? ''}`;
    const one = found.get(key) ?? { job, build: { file, context, target }, names: new Set<string>() };
    for (const { repository } of references) if (repository !== null) one.names.add(nameOfImage(repository));
    found.set(key, one);
  }
  return [...found.values()];
};

/** The Dockerfile of an image that a compose file or manifest names; null: it is not known. */
export const buildOfImage = (image: string, built: readonly BuiltImage[]): BuiltImage | null => {
  const name = plainName(image);
  const same = buildByName(image, built);
  if (same !== null || built.some(({ names }) => names.has(name))) return same;
  const isOpen = /^$|[${]/.test(name) || built.some(({ names }) => [...names].some(hasHole));
  const [only] = built;
  return isOpen && built.length === 1 && only !== undefined && !isPublic(image) ? only : null;
};

/** The one Dockerfile that is built under that name. */
export const buildByName = (image: string, built: readonly BuiltImage[]): BuiltImage | null => {
  const same = built.filter(({ names }) => names.has(plainName(image)));
  const files = new Set(same.map(({ build }) => `${build.file} ${build.target ?? ''}`));
  return files.size === 1 ? (same[0] ?? null) : null;
};

/** With variables of the file by their names. */
const parse = (image: string): ReturnType<typeof parseReference> =>
  parseReference(image.replaceAll(/\$\{?(\w+)[^}]*\}?/g, (_all, name: string) => `$${name}`));

const plainName = (image: string): string => nameOfImage(parse(image).repository ?? '');

const isPublic = (image: string): boolean => isPublicImage(parse(image));

/** An image of somebody else: a database, a proxy. */
export const isForeign = ({ image, build }: ContainerStart): boolean =>
  build === null && image !== null && !image.startsWith('$') && isPublic(image);
