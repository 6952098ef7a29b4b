import { findRealMigrations } from '../audit/model/find-real-migrations.ts';
import { isMigration, type Migration } from '../audit/model/migrations.ts';
import { runsOnThrowAwayDatabase } from '../audit/model/throw-away-database.ts';
import type { Audit, AuditedJob, Pipeline } from '../audit/pipeline.ts';
import { judgeBeforeBuild } from '../audit/rules/before-build.ts';
import { missingJob } from '../audit/rules/missing-job.ts';
import { groupBy } from '../core/group-by.ts';
import type { Span } from '../core/placed-text.ts';

/** Deployments of one environment that one migrate job serves. */
export interface Lane {
  readonly pipeline: Pipeline;
  /** The deployment whose environment and runner the migrate job takes. */
  readonly base: AuditedJob;
  /** Jobs that migrate on the way, with everything they migrate and set up; []: nothing in the workflow migrates. */
  readonly inline: readonly { readonly job: AuditedJob; readonly migrations: readonly Migration[] }[];
  /** All jobs that deploy to this environment: they have to wait. */
  readonly deploys: readonly AuditedJob[];
  /** A job that migrates already. */
  readonly existing: AuditedJob | null;
  /** Jobs of `inline` that build and deploy nothing: the migrate job waits for them. */
  readonly builds: readonly AuditedJob[];
}

const MISPLACED = new Set(['deploy', 'post-deploy', 'rollback']);

/** The jobs of workflows, each in the file it is written in, that deploy and migrate on the way; one lane for an environment. */
export const findLanes = (audit: Audit): readonly Lane[] => {
  const unmigrated = missingJob.check(audit).map(({ span }) => span);
  return audit.pipelines.flatMap((pipeline) => {
    const found = [...lanesOf(pipeline, audit), ...lanesBeforeBuild(pipeline, audit)];
    return found.length > 0 ? found : lanesWithout(pipeline, unmigrated);
  });
};

/** A site on GitHub Pages has no database. */
const publishesPages = ({ steps }: AuditedJob): boolean =>
  steps.some(({ action }) => action === 'actions/deploy-pages');

/** Deployments of a workflow in which nothing migrates at all. */
const lanesWithout = (pipeline: Pipeline, unmigrated: readonly Span[]): readonly Lane[] => {
  const deploys = pipeline.jobs.filter(
    (job) => job.calledBy.length === 0 && job.role === 'deploy' && !publishesPages(job),
  );
  if (!deploys.some(({ job }) => unmigrated.includes(job.idSpan))) return [];
  return [...groupBy(deploys, targetOf).values()].map((mine) => ({
    pipeline,
    base: mine[0],
    inline: [],
    deploys: mine,
    existing: null,
    builds: [],
  }));
};

/** Jobs that migrate before they build what other jobs deploy. */
const lanesBeforeBuild = (pipeline: Pipeline, audit: Audit): readonly Lane[] => {
  const { jobs } = pipeline;
  const own = jobs.filter(({ calledBy }) => calledBy.length === 0);
  const early = own
    .filter(({ role }) => role !== 'deploy')
    .filter((job) => judgeBeforeBuild(job, audit, jobs).length > 0);
  return early.flatMap((job): readonly Lane[] => {
    const deploys = own.filter((one) => one.role === 'deploy' && one.allNeeds.has(job.key));
    const [first] = deploys;
    // Several environments take what it builds: which of them it migrates is not known.
    if (first === undefined || new Set(deploys.map(targetOf)).size > 1) return [];
    const base = job.environment === null ? first : job;
    const inline = [{ job, migrations: findRealMigrations(job, audit) }];
    return [{ pipeline, base, inline, deploys, existing: null, builds: [job] }];
  });
};

const lanesOf = (pipeline: Pipeline, audit: Audit): readonly Lane[] => {
  // What a called workflow does is changed where it is written.
  const own = pipeline.jobs.filter(({ calledBy }) => calledBy.length === 0);
  const inline = own
    .filter(({ role }) => MISPLACED.has(role))
    .map((job) => ({ job, migrations: findRealMigrations(job, audit) }))
    .filter(({ migrations }) => migrations.some(isMigration));
  const byTarget = groupBy(inline, ({ job }) => targetOf(job));
  return [...byTarget.entries()].map(([target, found]) => {
    const isMine = (job: AuditedJob): boolean => isOfTarget(job, target);
    return {
      pipeline,
      base: found[0].job,
      inline: found,
      deploys: own.filter((job) => job.role === 'deploy' && isMine(job)),
      existing: own.find((job) => job.role === 'migrate' && !runsOnThrowAwayDatabase(job) && isMine(job)) ?? null,
      builds: [],
    };
  });
};

const targetOf = ({ job, stage }: AuditedJob): string => job.environment?.value.trim() ?? stage ?? '';

const isOfTarget = (job: AuditedJob, target: string): boolean => {
  const own = targetOf(job);
  return own === '' || own === target;
};
