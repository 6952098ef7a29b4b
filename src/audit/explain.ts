import type { Role } from '../core/job-role.ts';
import type { Span } from '../core/placed-text.ts';
import { showHoles } from '../shell/holes.ts';
import type { Fate, Layer } from '../shell/shell-run.ts';
import type { ImageUse } from './images/image-use.ts';
import { evidenceOfUse, nameOfReference } from './images/describe-use.ts';
import { judgeReference, type TagVerdict } from './images/judge-tag.ts';
import { imagesOfJob } from './images/pipeline-images.ts';
import { findMigrations, type MigrationStage } from './model/migrations.ts';
import type { Audit, AuditedJob, Evaluated, Pipeline } from './pipeline.ts';

export interface ExplainedMigration {
  /** `migrate_schemas --shared`, without values of options. */
  readonly command: string;
  readonly stage: MigrationStage;
  /** What it stands in, outermost first: `remote (app.example.org)`; []: the step's own script. */
  readonly within: readonly string[];
  readonly fate: Fate['kind'];
  readonly step: string;
  readonly span: Span;
}

export interface ExplainedImage {
  readonly use: ImageUse['use'];
  /** As it is said, holes by their names. */
  readonly said: string;
  /** What it may be, each with what its tag promises. */
  readonly references: readonly { readonly name: string; readonly verdict: TagVerdict }[];
  /** Where its parts are set. */
  readonly origins: readonly { readonly text: string; readonly span: Span | null }[];
  readonly step: string;
  readonly span: Span;
}

export interface ExplainedJob {
  readonly key: string;
  /** Of its id, in the file it is written in. */
  readonly span: Span;
  /** Ids of the jobs whose call leads to it, from outside to inside. */
  readonly calledBy: readonly string[];
  readonly role: Role;
  readonly why: string;
  /** Everything it does, besides its role. */
  readonly does: readonly Role[];
  readonly stage: string | null;
  readonly environment: string | null;
  readonly condition: string | null;
  readonly needs: readonly string[];
  /** Needed jobs whose failure does not stop it. */
  readonly ignoresResultOf: readonly string[];
  /** Calls a workflow that is not here. */
  readonly isOpaque: boolean;
  readonly migrations: readonly ExplainedMigration[];
  readonly images: readonly ExplainedImage[];
  /** Scripts it runs that are not in the checkout. */
  readonly unknownScripts: readonly { readonly path: string; readonly span: Span }[];
}

/** How a workflow file is understood, for `--explain`. Holes are shown by their names; literal values of options and variables are not shown. */
export interface Explanation {
  readonly file: string;
  readonly name: string | null;
  readonly events: readonly string[];
  readonly stage: string | null;
  readonly isOnlyCalled: boolean;
  /** Why GitHub refuses it. */
  readonly faults: readonly { readonly message: string; readonly span: Span }[];
  readonly jobs: readonly ExplainedJob[];
}

/** null: the file is none of those that were audited. */
export const explainFile = (audit: Audit, file: string): Explanation | null => {
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
    jobs: (pipeline?.jobs ?? []).map((job) => explainJob(job, audit)),
  };
};

const explainJob = (job: AuditedJob, audit: Audit): ExplainedJob => {
  const show = (text: Evaluated | null): string | null => (text === null ? null : showHoles(text.value, audit.holes));
  return {
    key: job.key,
    span: job.job.idSpan,
    calledBy: job.calledBy.map((caller) => caller.job.id),
    role: job.role,
    why: job.roleReason,
    does: [...job.does].filter((role) => role !== job.role),
    stage: job.stage,
    environment: show(job.environment),
    // As it is written: what an expression comes to says less than what it asks.
    condition: job.job.condition?.value ?? null,
    needs: job.needs,
    ignoresResultOf: job.ignoresResultOf,
    isOpaque: job.isOpaque,
    migrations: explainMigrations(job, audit),
    images: imagesOfJob(job, audit).map((use) => explainImage(use, audit)),
    unknownScripts: job.steps.flatMap(({ unknownScripts }) =>
      unknownScripts.map(({ path, span }) => ({ path: showHoles(path, audit.holes), span })),
    ),
  };
};

const explainMigrations = (job: AuditedJob, { config, holes }: Audit): readonly ExplainedMigration[] =>
  findMigrations(job, config).map(({ command, flags, stage, call, step }) => ({
    command: [command, ...flags.map((flag) => flag.split('=')[0])].join(' '),
    stage,
    within: call.layers.map((layer) => describeLayer(layer, holes)),
    fate: call.fate.kind,
    step: step.label,
    span: call.span,
  }));

const describeLayer = ({ kind, name }: Layer, holes: Audit['holes']): string =>
  name === null ? kind : `${kind} (${showHoles(name, holes)})`;

const explainImage = (use: ImageUse, { holes }: Audit): ExplainedImage => ({
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
