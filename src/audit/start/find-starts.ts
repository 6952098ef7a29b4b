import type { Effort } from '../../shell/shell-run.ts';
import { isOfBackend } from '../model/is-of-backend.ts';
import type { Audit, AuditedJob, Pipeline } from '../pipeline.ts';
import {
  allBuiltImages,
  buildByName,
  buildOfImage,
  builtImages,
  isForeign,
  nameOfImage,
  type BuiltImage,
} from './built-images.ts';
import { shownCommand, type ContainerStart, type ImageStart } from './container-start.ts';
import { deployedCharts } from './deployed-charts.ts';
import { deployedCompose } from './deployed-compose.ts';
import { deployedWorkloads } from './deployed-workloads.ts';
import { followStart, type FollowedStart } from './follow-start.ts';
import { platformStarts } from './platform-starts.ts';
import { readDockerfileStart } from './read-dockerfile-start.ts';
import { serviceStarts } from './service-starts.ts';
import { sourceBuilds } from './source-builds.ts';
import { imagesOfJob, isTaking } from '../images/pipeline-images.ts';

/** A container that a job deploys. */
export interface DeployedStart {
  readonly job: AuditedJob;
  readonly followed: FollowedStart;
}

const MOST_STARTS = 60;

/** What the deployments of a pipeline start, as far as the checkout says it. Found once for all rules. */
export const startsOfPipeline = (pipeline: Pipeline, audit: Audit): readonly DeployedStart[] => {
  const known = KNOWN.get(pipeline);
  if (known !== undefined) return known;
  const found = findStarts(pipeline, audit);
  KNOWN.set(pipeline, found);
  return found;
};

const KNOWN = new WeakMap<Pipeline, readonly DeployedStart[]>();

const isDeploying = ({ role, does }: AuditedJob): boolean =>
  role === 'deploy' || (role !== 'test' && does.has('deploy'));

const findStarts = (pipeline: Pipeline, audit: Audit): readonly DeployedStart[] => {
  const deploying = pipeline.jobs.filter(isDeploying);
  if (deploying.length === 0) return [];
  const built = builtImages(pipeline, audit);
  const follow = createFollow(audit);
  return deploying
    .flatMap((job): readonly DeployedStart[] => {
      const composed = deployedCompose(job, audit).flatMap(({ services }) => services.map(({ start }) => start));
      const all = [
        ...composed,
        ...deployedWorkloads(job, audit),
        ...deployedCharts(job, audit),
        ...platformStarts(job, audit),
        ...serviceStarts(job, audit),
        ...sourceBuilds(job, audit).map((build) => startOfImage(build, audit)),
      ];
      const declared = all.filter((start) => !isForeign(start));
      const placed = declared.map((start) => ({ start, image: imageOf(start, built, audit) }));
      // Where manifests are not here, an image starts as its Dockerfile says.
      const alone =
        declared.length > 0 || !isOfBackend(job, audit) ? [] : built.filter((image) => isDeployedBy(image, job, audit));
      return [
        ...placed.map(({ start, image }) => ({ job, followed: follow(start, image) })),
        ...alone.map(({ build }) => ({ job, followed: follow(startOfImage(build, audit), build) })),
      ];
    })
    .slice(0, MOST_STARTS);
};

/** Another workflow may build the image by its name. */
const imageOf = (
  { build, image }: ContainerStart,
  built: readonly BuiltImage[],
  audit: Audit,
): ContainerStart['build'] => {
  if (build !== null || image === null) return build;
  return (buildOfImage(image, built) ?? buildByName(image, allBuiltImages(audit)))?.build ?? null;
};

/** It is built before, and the deployment takes it or has nothing else to take. */
const isDeployedBy = ({ job: builder, names }: BuiltImage, job: AuditedJob, audit: Audit): boolean => {
  if (builder !== job && !job.allNeeds.has(builder.key)) return false;
  const taken = imagesOfJob(job, audit).filter(isTaking);
  const takenNames = taken.flatMap(({ references }) => references.flatMap(({ repository }) => repository ?? []));
  return takenNames.length === 0 || takenNames.some((name) => names.has(nameOfImage(name)));
};

/** An image that nothing but its Dockerfile says anything of. */
export const startOfImage = (build: NonNullable<ContainerStart['build']>, audit: Audit): ContainerStart => ({
  what: build.file,
  entrypoint: null,
  command: null,
  mounted: [],
  variables: new Map(),
  image: null,
  build,
  kind: 'kept',
  span: readImage(build, audit)?.span ?? { file: build.file, line: 1, column: 1, endLine: 1, endColumn: 1 },
});

const readImage = (build: NonNullable<ContainerStart['build']>, { readFile }: Audit): ImageStart | null => {
  const text = readFile(build.file);
  return text === undefined ? null : readDockerfileStart(build.file, text, build);
};

/** Steps of shells for the start commands of one audit: each costs a few, hostile ones as many as they may. */
const EFFORT = 100_000;

interface Followed {
  readonly effort: Effort;
  readonly starts: Map<string, FollowedStart>;
}

/** Many pipelines deploy the same: each start is followed once. */
export const createFollow = (audit: Audit) => {
  const { effort, starts } = FOLLOWED.get(audit) ?? { effort: { left: EFFORT }, starts: new Map() };
  FOLLOWED.set(audit, { effort, starts });
  return (start: ContainerStart, build: ContainerStart['build']): FollowedStart => {
    const { file, line, column } = start.span;
    const said = `${start.kind} ${shownCommand(start.entrypoint)} ${shownCommand(start.command)}`;
    const key = `${file}:${line}:${column} ${build?.file ?? ''} ${build?.context ?? ''} ${build?.target ?? ''} ${said}`;
    const before = starts.get(key);
    if (before !== undefined) return before;
    const image = build === null ? null : readImage(build, audit);
    const followed = followStart({ ...start, build }, image, { ...audit, effort });
    starts.set(key, followed);
    return followed;
  };
};

const FOLLOWED = new WeakMap<Audit, Followed>();
