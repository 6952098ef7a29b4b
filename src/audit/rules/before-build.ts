import type { RuleFinding } from '../finding.ts';
import { findImageBuilds, type ImageBuild } from '../model/builds-image.ts';
import { findRealMigrations, reachesDeployedDatabase } from '../model/find-real-migrations.ts';
import { isMigration, type Migration } from '../model/migrations.ts';
import { runsOnThrowAwayDatabase } from '../model/throw-away-database.ts';
import type { Audit, AuditedJob } from '../pipeline.ts';

/** A job that migrates a deployed database first, and builds the image of the same commit only then. */
export const judgeBeforeBuild = (
  job: AuditedJob,
  audit: Audit,
  jobs: readonly AuditedJob[],
): readonly RuleFinding[] => {
  if (!/^(?:deploy|migrate|build|other)$/.test(job.role) || runsOnThrowAwayDatabase(job)) return [];
  const builds = findImageBuilds(job, audit.holes);
  // What another job has built may be what is migrated with.
  if (builds.length === 0 || jobs.some(({ key, does }) => job.allNeeds.has(key) && does.has('build'))) return [];
  const migration = findRealMigrations(job, audit).find(
    (one) => isMigration(one) && reachesDeployedDatabase(one, job, audit.holes),
  );
  if (migration === undefined || builds.some((build) => !isAfter(build, migration, job))) return [];
  const build = builds.find((one) => isOfSameRun(one, migration));
  if (build === undefined) return [];
  return [
    {
      span: migration.call.span,
      message: `${job.id} runs ${migration.command} before it builds the image: if the build fails, the database is changed for a commit that is never deployed.`,
      evidence: [{ text: 'The image is built here', span: build.span }],
      fix: { sentence: 'Build the image first, in a job that the migration needs.', edits: [] },
      job: job.key,
      step: migration.step.label,
    },
  ];
};

const isAfter = ({ step, call }: ImageBuild, { call: migrate, step: at }: Migration, { steps }: AuditedJob): boolean =>
  step === at && call !== null
    ? at.calls.indexOf(call) > at.calls.indexOf(migrate)
    : steps.indexOf(step) > steps.indexOf(at);

/** Only the migration decides whether the image is built, and the image does not belong to a frontend. */
const isOfSameRun = ({ step, call, text }: ImageBuild, migration: Migration): boolean =>
  !/front-?_?end|client|nginx|static|docs/i.test(text) &&
  call?.isConditional !== true &&
  call?.isFallback !== true &&
  (step.condition === null || step.condition.value === migration.step.condition?.value);
