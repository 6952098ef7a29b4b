import type { Audit, AuditedJob, Pipeline } from '../pipeline.ts';
import { findImages } from './find-images.ts';
import type { ImageUse } from './image-use.ts';
import { findOwnImages, type OwnImages } from './own-images.ts';

/** Several rules ask for the same; a job never changes. */
const known = new WeakMap<AuditedJob, readonly ImageUse[]>();

/** The mentions of images in a job, found once. */
export const imagesOfJob = (job: AuditedJob, audit: Audit): readonly ImageUse[] => {
  const before = known.get(job);
  if (before !== undefined) return before;
  const found = findImages(job, audit);
  known.set(job, found);
  return found;
};

/** Those that stand for themselves: a workflow that others of the checkout call is judged in them. */
export const pipelinesToJudge = (audit: Audit): readonly Pipeline[] => {
  const known = TO_JUDGE.get(audit) ?? findPipelinesToJudge(audit);
  TO_JUDGE.set(audit, known);
  return known;
};

const TO_JUDGE = new WeakMap<Audit, readonly Pipeline[]>();

const findPipelinesToJudge = ({ pipelines }: Audit): readonly Pipeline[] => {
  const called = new Set(
    pipelines.flatMap(({ jobs }) => jobs.flatMap(({ calledBy, workflow }) => (calledBy.length > 0 ? [workflow] : []))),
  );
  return pipelines.filter(({ isOnlyCalled, workflow }) => !isOnlyCalled || !called.has(workflow));
};

export interface PipelineImages {
  readonly uses: readonly ImageUse[];
  readonly own: OwnImages;
}

export const imagesOfPipeline = (pipeline: Pipeline, audit: Audit): PipelineImages => {
  const before = ofPipelines.get(pipeline);
  if (before !== undefined) return before;
  const uses = pipeline.jobs.flatMap((job) => imagesOfJob(job, audit));
  const found = { uses, own: findOwnImages(uses) };
  ofPipelines.set(pipeline, found);
  return found;
};

const ofPipelines = new WeakMap<Pipeline, PipelineImages>();

/** A job that changes what runs somewhere, or looks after it. */
export const isDeploying = ({ role }: AuditedJob): boolean =>
  role === 'deploy' || role === 'post-deploy' || role === 'rollback' || role === 'migrate';

/** Takes an image to run it. */
export const isTaking = ({ use }: ImageUse): boolean => use === 'pull' || use === 'run' || use === 'deploy';
