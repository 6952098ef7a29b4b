import { imagesOfJob, pipelinesToJudge } from '../../../audit/images/pipeline-images.ts';
import type { Audit, AuditedJob, Pipeline } from '../../../audit/pipeline.ts';
import { isOfBackend } from '../../../audit/model/is-of-backend.ts';
import type { Span } from '../../../core/placed-text.ts';
import type { Finding } from '../../look/finding.ts';
import { optionProblem } from '../../template/check-options.ts';
import { isStamped } from '../stamp-file.ts';
import { saidBranches } from './said-branches.ts';
import { saidImages } from './said-images.ts';
import { saidInputs, type SaidInput } from './said-inputs.ts';
import { nearestNode, saidVersions } from './said-versions.ts';
import { settle, type Dispute, type Said } from './said.ts';

/** A workflow that devsetup did not write, and that does what a pipeline of devsetup is for. */
export interface ExistingPipeline {
  /** Relative to the root, with `/`. */
  readonly file: string;
  /** The job that shows it. */
  readonly job: string;
  /** Of the job, in that file. */
  readonly span: Span;
  readonly does: 'deploys' | 'migrates' | 'builds';
}

/** What workflows that are there say about the options of a pipeline. */
export interface ExistingPipelines {
  /** One a file. */
  readonly pipelines: readonly ExistingPipeline[];
  /** Branches, registry and images: they win over what the checkout says otherwise. */
  readonly names: Readonly<Record<string, Finding>>;
  /** Versions: what version files say wins over them. */
  readonly versions: Readonly<Record<string, Finding>>;
  readonly disputes: readonly Dispute[];
  /** Where deployments have from what the new ones need. */
  readonly inputs: readonly SaidInput[];
}

/** Pure over the audit's model. `frontends`: their folders. */
export const readExisting = (audit: Audit, frontends: readonly string[]): ExistingPipelines => {
  const pipelines = pipelinesToJudge(audit).filter(({ workflow }) => !isStamped(workflow.source.text));
  const jobs = pipelines.flatMap((pipeline) => pipeline.jobs);
  const names = settle(
    [
      ...pipelines.flatMap((pipeline) => saidBranches(pipeline, deploysOf(pipeline, audit))),
      ...saidImages(jobs, audit, frontends),
    ].filter(isTaken),
  );
  const versions = settle(saidVersions(jobs, audit).filter(isTaken));
  const node = versions.found['nodeVersion'];
  return {
    pipelines: pipelines.flatMap((pipeline) => purposeOf(pipeline, audit)),
    names: names.found,
    versions: {
      ...versions.found,
      ...(node === undefined ? {} : { nodeVersion: nearestNode(node.value, node.source) }),
    },
    disputes: [...names.disputes, ...versions.disputes],
    inputs: saidInputs(
      jobs.filter(({ role }) => role === 'deploy' || role === 'migrate'),
      audit,
    ),
  };
};

/** What the flag of the option would refuse is no value of it. */
const isTaken = ({ option, value }: Said): boolean => optionProblem({ options: {} }, option, value) === undefined;

const deploysOf = ({ jobs }: Pipeline, audit: Audit): readonly AuditedJob[] =>
  jobs.filter((job) => job.role === 'deploy' && isOfBackend(job, audit));

const purposeOf = (pipeline: Pipeline, audit: Audit): readonly ExistingPipeline[] => {
  const { jobs, workflow } = pipeline;
  const found = (does: ExistingPipeline['does'], job: AuditedJob | undefined): ExistingPipeline | undefined => {
    const shown = job?.calledBy[0]?.job ?? job?.job;
    return shown && { file: workflow.source.file, job: shown.id, span: shown.idSpan, does };
  };
  const ofRole = (role: AuditedJob['role']): AuditedJob | undefined => jobs.find((job) => job.role === role);
  const purpose =
    found('deploys', deploysOf(pipeline, audit)[0]) ??
    found('migrates', ofRole('migrate')) ??
    found(
      'builds',
      jobs.find((job) => imagesOfJob(job, audit).some(({ use }) => use === 'push')),
    );
  return purpose === undefined ? [] : [purpose];
};
