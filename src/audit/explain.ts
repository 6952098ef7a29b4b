import type {
  ImageExplanation,
  JobExplanation,
  MigrationExplanation,
  StartExplanation,
  WorkflowExplanation,
} from '../core/audit-explanation.ts';
import { showHoles } from '../shell/holes.ts';
import type { Layer } from '../shell/shell-run.ts';
import type { ImageUse } from './images/image-use.ts';
import { evidenceOfUse, nameOfReference } from './images/describe-use.ts';
import { judgeReference } from './images/judge-tag.ts';
import { explainShells } from './explain-shells.ts';
import { imagesOfJob } from './images/pipeline-images.ts';
import { findEvidence, type Evidence } from './model/evidence.ts';
import { areExclusive, describeDemands } from './model/exclusive-conditions.ts';
import { findMigrations } from './model/migrations.ts';
import type { Audit, AuditedJob, Evaluated, Pipeline } from './pipeline.ts';
import { startsOfPipeline } from './start/find-starts.ts';
import { allThatHides } from './rules/not-awaited.ts';

/** null: the file is none of those that were audited. */
export const explainFile = (audit: Audit, file: string): WorkflowExplanation | null => {
  const workflow = audit.workflows.find(({ source }) => source.file === file);
  if (workflow === undefined) return null;
  // A broken file has no pipeline.
  const pipeline: Pipeline | undefined = audit.pipelines.find((one) => one.workflow === workflow);
  return {
    file,
    name: workflow.name?.value ?? null,
    events: workflow.triggers.map(({ event }) => event),
    stage: pipeline?.stage ?? null,
    isOnlyCalled: pipeline?.isOnlyCalled ?? false,
    faults: workflow.faults.map(({ message, span }) => ({ message, span })),
    disabledJobs: pipeline?.disabledJobs ?? [],
    jobs: pipeline === undefined ? [] : pipeline.jobs.map((job) => explainJob(job, pipeline, audit)),
  };
};

const explainJob = (job: AuditedJob, pipeline: Pipeline, audit: Audit): JobExplanation => {
  const show = (text: Evaluated | null): string | null => (text === null ? null : showHoles(text.value, audit.holes));
  return {
    key: job.key,
    span: job.job.idSpan,
    calledBy: job.calledBy.map((caller) => caller.job.id),
    role: job.role,
    why: job.roleReason,
    shows: [...new Set(findEvidence(job, audit.holes).map(describeEvidence))],
    does: [...job.does].filter((role) => role !== job.role),
    stage: job.stage,
    environment: show(job.environment),
    // As it is written: what an expression comes to says less than what it asks.
    condition: job.job.condition?.value ?? null,
    demands: describeDemands(job),
    neverWith: pipeline.jobs.filter((other) => other !== job && areExclusive(job, other)).map(({ key }) => key),
    needs: job.needs,
    ignoresResultOf: job.ignoresResultOf,
    isOpaque: job.isOpaque,
    migrations: explainMigrations(job, pipeline, audit),
    images: imagesOfJob(job, audit).map((use) => explainImage(use, audit)),
    disabledSteps: job.disabledSteps,
    starts: explainStarts(job, pipeline, audit),
    unknownScripts: job.steps.flatMap(({ unknownScripts }) =>
      unknownScripts.map(({ path, span }) => ({ path: showHoles(path, audit.holes), span })),
    ),
  };
};

const describeEvidence = ({ does, isStrong, by }: Evidence): string => `${does}${isStrong ? '' : ', weakly'}: ${by}`;

const explainMigrations = (
  job: AuditedJob,
  pipeline: Pipeline,
  { config, holes }: Audit,
): readonly MigrationExplanation[] =>
  findMigrations(job, config).map((migration) => {
    const { command, flags, stage, call, step } = migration;
    return {
      command: [command, ...flags.map((flag) => flag.split('=')[0])].join(' '),
      stage,
      within: call.layers.map((layer) => describeLayer(layer, holes)),
      fate: call.fate.kind,
      hiddenBy: allThatHides(migration, job, pipeline, holes).map(({ how }) => how),
      shells: explainShells(migration, holes),
      step: step.label,
      span: call.span,
    };
  });

const describeLayer = ({ kind, name }: Layer, holes: Audit['holes']): string =>
  name === null ? kind : `${kind} (${showHoles(name, holes)})`;

const explainStarts = (job: AuditedJob, pipeline: Pipeline | undefined, audit: Audit): readonly StartExplanation[] =>
  (pipeline === undefined ? [] : startsOfPipeline(pipeline, audit))
    .filter((one) => one.job === job)
    .map(({ followed: { start, programs, migrations, unknown } }) => ({
      what: start.what,
      image: start.build?.file ?? start.image,
      runs: programs.map((program) => showHoles(program, audit.holes)),
      migrations: migrations.map(({ command, call, isCertain }) => ({
        command,
        isConditional: !isCertain,
        span: call.span,
      })),
      kind: start.kind,
      unknown: unknown.map((one) => showHoles(one, audit.holes)),
      span: start.span,
    }));

const explainImage = (use: ImageUse, { holes }: Audit): ImageExplanation => ({
  use: use.use,
  said: showHoles(use.value, holes),
  references: use.references.map((reference) => ({
    name: nameOfReference(reference, holes),
    verdict: judgeReference(reference, holes),
  })),
  origins: evidenceOfUse(use, holes),
  step: use.step.label,
  span: use.span,
});
