import { defineRule, type RuleFinding } from '../finding.ts';
import { pipelinesToJudge } from '../images/pipeline-images.ts';
import { areExclusive } from '../model/exclusive-conditions.ts';
import { addNeeds } from '../model/add-needs.ts';
import { needsPlaceOf } from '../model/needs-place.ts';
import { runsOnThrowAwayDatabase } from '../model/throw-away-database.ts';
import type { Audit, AuditedJob, Pipeline } from '../pipeline.ts';
import { judgeBeforeBuild } from './before-build.ts';

export const order = defineRule({
  id: 'migrate/order',
  title: 'Migrations do not wait for build and tests',
  check: (audit: Audit) => pipelinesToJudge(audit).flatMap((pipeline) => judge(pipeline, audit)),
});

const judge = ({ jobs }: Pipeline, audit: Audit): readonly RuleFinding[] => {
  // Where nothing is deployed, nothing has to be in order.
  if (!jobs.some(({ role }) => role === 'deploy')) return [];
  return [...judgeNeeds(jobs), ...jobs.flatMap((job) => judgeBeforeBuild(job, audit, jobs))];
};

const judgeNeeds = (jobs: readonly AuditedJob[]): readonly RuleFinding[] =>
  jobs.flatMap((migrate): readonly RuleFinding[] => {
    if (migrate.role !== 'migrate' || runsOnThrowAwayDatabase(migrate)) return [];
    const early = jobs.filter(
      (job) => isBefore(job, migrate, jobs) && !migrate.allNeeds.has(job.key) && !gatesOthersOnly(job, migrate, jobs),
    );
    if (early.length === 0) return [];
    const names = early.map(({ id }) => id).join(', ');
    return [
      {
        span: needsPlaceOf(migrate, early[0]),
        message: `${migrate.id} does not wait for ${names}: it may change the database for a commit that is never deployed.`,
        evidence: early.slice(0, 3).map((job) => ({ text: `${job.id}: ${job.roleReason}`, span: job.job.idSpan })),
        fix: { sentence: `Add ${names} to the needs of ${migrate.id}.`, edits: addNeeds(migrate, early) },
        job: migrate.key,
      },
    ];
  });

/** Builds and tests, of this environment or of all. */
const isBefore = (job: AuditedJob, migrate: AuditedJob, jobs: readonly AuditedJob[]): boolean =>
  (job.role === 'build' || job.role === 'test') &&
  (job.stage === null || migrate.stage === null || job.stage === migrate.stage) &&
  !areExclusive(job, migrate) &&
  // What needs a deployment that waits for the migration comes after it.
  !jobs.some((one) => one.role === 'deploy' && job.allNeeds.has(one.key) && one.allNeeds.has(migrate.key)) &&
  // A job that waits for the migration on purpose, e.g. tests of the migrated database, is the other way round.
  !isAfterByDesign(job, migrate);

const isAfterByDesign = (job: AuditedJob, migrate: AuditedJob): boolean =>
  job.role === 'test' && job.allNeeds.has(migrate.key);

/**
 * Whether a build or test decides only about deployments that the migration is not for: those of a frontend, or all but one whose builds and
 * tests the migration waits for.
 */
const gatesOthersOnly = (job: AuditedJob, migrate: AuditedJob, jobs: readonly AuditedJob[]): boolean => {
  const deploys = jobs.filter(({ role }) => role === 'deploy');
  const gated = deploys.filter(({ allNeeds }) => allNeeds.has(job.key));
  // A frontend that is deployed after the migration has no other gate than that.
  const waiting = deploys.filter(({ allNeeds }) => allNeeds.has(migrate.key));
  if (gated.length === 0) return isOfFrontend(job) && !waiting.some(isOfFrontend);
  if (gated.every(isOfFrontend)) return true;
  const isInOrder = ({ allNeeds, stage }: AuditedJob): boolean => {
    const before = jobs.filter(({ key, role }) => allNeeds.has(key) && (role === 'build' || role === 'test'));
    return (
      before.length > 0 &&
      before.every(({ key }) => migrate.allNeeds.has(key)) &&
      gated.every((other) => other.stage === stage)
    );
  };
  return waiting.some(isInOrder);
};

const FRONTEND =
  /front-?_?end|(?:^|[^a-z])(?:client|ui|spa|nuxt|next-?js|react|vue|angular|svelte|storybook|docs?|documentation|landing|mobile|ios|android|static|pages|website)(?:$|[^a-z])/i;
const BACKEND = /back-?_?end|full-?_?stack|(?:^|[^a-z])(?:api|server|django|database|db)(?:$|[^a-z])/i;

const isNamedFrontend = (name: string): boolean => FRONTEND.test(name) && !BACKEND.test(name);

/** A job for a frontend, documentation or static pages alone, by its name or the folder it works in. */
const isOfFrontend = ({ id, job, calledBy }: AuditedJob): boolean =>
  isNamedFrontend(`${id} ${job.name?.value ?? ''} ${calledBy.map((caller) => caller.job.id).join(' ')}`) ||
  isNamedFrontend(job.defaults.workingDirectory?.value ?? '');
