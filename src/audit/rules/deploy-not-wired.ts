import { defineRule, type RuleFinding } from '../finding.ts';
import { pipelinesToJudge } from '../images/pipeline-images.ts';
import { areExclusive } from '../model/exclusive-conditions.ts';
import { findEvidence, type Evidence } from '../model/evidence.ts';
import { addNeeds } from '../model/add-needs.ts';
import { needsPlaceOf } from '../model/needs-place.ts';
import { runsOnThrowAwayDatabase } from '../model/throw-away-database.ts';
import type { Audit, AuditedJob, Pipeline } from '../pipeline.ts';

/** What sets up machines and networks; that the code is deployed by it does not show. */
const PROVISIONS = /^(?:terraform|pulumi|cdk|aws cloudformation|az deployment|ansible-playbook)\b/;

export const deployNotWired = defineRule({
  id: 'migrate/deploy-not-wired',
  title: 'A deployment does not wait for the migration',
  check: (audit: Audit) => pipelinesToJudge(audit).flatMap((pipeline) => judge(pipeline, audit)),
});

const judge = ({ jobs }: Pipeline, audit: Audit): readonly RuleFinding[] => {
  const migrating = jobs.filter((job) => job.role === 'migrate' && !runsOnThrowAwayDatabase(job));
  if (migrating.length === 0) return [];
  return jobs.flatMap((job): readonly RuleFinding[] => {
    if (job.role !== 'deploy' || isOfPages(job, audit) || migrating.some((one) => isStepBefore(job, one, audit)))
      return [];
    const possible = migrating.filter((migrate) => !areExclusive(job, migrate));
    // One that never runs together with a migration, and migrates itself, is told of for that.
    if (possible.length === 0) return job.does.has('migrate') ? [] : [notWaiting(job, migrating)];
    const wanted = possible.filter(({ stage }) => stage === null || job.stage === null || stage === job.stage);
    // One that migrates itself has no other environment's migration to wait for.
    if (wanted.length === 0 && job.does.has('migrate')) return [];
    // Another environment's migration is nothing to wait for, unless there is no other.
    const candidates = wanted.length > 0 ? wanted : possible;
    const waitedFor = candidates.filter(({ key }) => job.allNeeds.has(key));
    if (waitedFor.length === 0) return [notWaiting(job, candidates)];
    const ignored = waitedFor.every((migrate) => isIgnored(job, migrate, jobs));
    return ignored ? [ignoring(job, waitedFor)] : [];
  });
};

const deployedBy = (job: AuditedJob, { holes }: Audit): readonly Evidence[] =>
  findEvidence(job, holes).filter(({ does }) => does === 'deploy');

const PAGES = /pages|(?:^|[^a-z])(?:docs?|documentation|storybook|mkdocs|sphinx|coverage|report)(?:$|[^a-z])/i;
const PAGE_HOSTS = /pages|gh-pages|netlify|surge|^aws (?:s3|cloudfront)/;

/** Documentation and reports, which no schema concerns: by its name, and all that it deploys with. */
const isOfPages = (job: AuditedJob, audit: Audit): boolean => {
  const deployed = deployedBy(job, audit);
  if (deployed.length === 0) return false;
  if (deployed.every(({ by }) => /(?:github-|gh-|deploy-)pages|pages-deploy|mkdocs/.test(by))) return true;
  return PAGES.test(`${job.id} ${job.job.name?.value ?? ''}`) && deployed.every(({ by }) => PAGE_HOSTS.test(by));
};

/** The migration waits for it, and it only sets up machines, or connects to one: it comes before by design. */
const isStepBefore = (job: AuditedJob, migrate: AuditedJob, audit: Audit): boolean => {
  if (!migrate.allNeeds.has(job.key)) return false;
  const strong = deployedBy(job, audit).filter(({ isStrong }) => isStrong);
  return strong.every(({ by }) => PROVISIONS.test(by)) && !/deploy/i.test(job.id);
};

/** Whether a failed migration lets the job run all the same: by its own `if`, or by that of a job between them. */
const isIgnored = (job: AuditedJob, migrate: AuditedJob, jobs: readonly AuditedJob[]): boolean => {
  if (job.ignoresResultOf.includes(migrate.key)) return true;
  if (job.needs.includes(migrate.key)) return false;
  const between = jobs.filter(({ key }) => job.needs.includes(key)).filter((one) => one.allNeeds.has(migrate.key));
  return (
    between.length > 0 && between.every((one) => job.ignoresResultOf.includes(one.key) || isIgnored(one, migrate, jobs))
  );
};

const notWaiting = (job: AuditedJob, candidates: readonly AuditedJob[]): RuleFinding => {
  const [migrate] = candidates;
  const name = migrate?.id ?? 'migrate';
  return {
    span: needsPlaceOf(job, migrate),
    message: `${job.id} deploys without waiting for ${name}: new code may run on the old schema, also where the migration fails.`,
    evidence: candidates.slice(0, 2).map((one) => ({ text: `${one.id} migrates`, span: one.job.idSpan })),
    fix: {
      sentence:
        migrate?.allNeeds.has(job.key) === true
          ? `Let ${name} need what ${job.id} needs instead of ${job.id}, and let ${job.id} need ${name}.`
          : `Add ${name} to the needs of ${job.id}.`,
      edits: addNeeds(job, candidates.slice(0, 1)),
    },
    job: job.key,
  };
};

const ignoring = (job: AuditedJob, waitedFor: readonly AuditedJob[]): RuleFinding => {
  const name = waitedFor[0]?.id ?? 'migrate';
  const condition = job.job.condition ?? job.calledBy[0]?.job.condition ?? null;
  return {
    span: condition?.span ?? needsPlaceOf(job, waitedFor[0]),
    message: `${job.id} waits for ${name}, and deploys whatever becomes of it: its \`if\` does not ask for the result.`,
    evidence: waitedFor.slice(0, 2).map((one) => ({ text: `${one.id} migrates`, span: one.job.idSpan })),
    fix: {
      sentence: `Remove the \`if\`, or add \`&& needs.${name}.result == 'success'\` to it.`,
      edits: [],
    },
    job: job.key,
  };
};
