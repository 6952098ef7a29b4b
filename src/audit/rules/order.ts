import { defineRule, type RuleFinding } from '../finding.ts';
import { pipelinesToJudge } from '../images/pipeline-images.ts';
import { areExclusive } from '../model/exclusive-conditions.ts';
import { addNeeds } from '../model/add-needs.ts';
import { needsPlaceOf } from '../model/needs-place.ts';
import { runsOnThrowAwayDatabase } from '../model/throw-away-database.ts';
import type { Audit, AuditedJob, Pipeline } from '../pipeline.ts';

export const order = defineRule({
  id: 'migrate/order',
  title: 'Migrations do not wait for build and tests',
  check: (audit: Audit) => pipelinesToJudge(audit).flatMap(judge),
});

const judge = ({ jobs }: Pipeline): readonly RuleFinding[] =>
  // Where nothing is deployed, nothing has to be in order.
  (jobs.some(({ role }) => role === 'deploy') ? jobs : []).flatMap((migrate): readonly RuleFinding[] => {
    if (migrate.role !== 'migrate' || runsOnThrowAwayDatabase(migrate)) return [];
    const early = jobs.filter((job) => isBefore(job, migrate) && !migrate.allNeeds.has(job.key));
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

/** Builds and tests, of this environment or of all: what needs a deployment comes after it. */
const isBefore = (job: AuditedJob, migrate: AuditedJob): boolean =>
  (job.role === 'build' || job.role === 'test') &&
  (job.stage === null || migrate.stage === null || job.stage === migrate.stage) &&
  !areExclusive(job, migrate) &&
  // A job that waits for the migration on purpose, e.g. tests of the migrated database, is the other way round.
  !isAfterByDesign(job, migrate);

const isAfterByDesign = (job: AuditedJob, migrate: AuditedJob): boolean =>
  job.role === 'test' && job.allNeeds.has(migrate.key) && job.stage !== null;
