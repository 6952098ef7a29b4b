import { defineRule, type RuleFinding } from '../finding.ts';
import { pipelinesToJudge } from '../images/pipeline-images.ts';
import { findRealMigrations } from '../model/find-real-migrations.ts';
import { isMigration, type Migration } from '../model/migrations.ts';
import type { Audit, AuditedJob } from '../pipeline.ts';
import { migratingTasks } from '../start/migrating-tasks.ts';

const WHERE = { deploy: 'deploys', 'post-deploy': 'runs after the deployment', rollback: 'rolls back' } as const;

/** The migrations of jobs that are there for something else; those of a repository script have a rule of their own. */
export const misplacedMigrations = (
  audit: Audit,
  inScript: boolean,
): readonly { readonly job: AuditedJob; readonly migration: Migration; readonly what: string }[] =>
  audit.pipelines.flatMap(({ jobs }) =>
    jobs.flatMap((job) => {
      const what = WHERE[job.role as keyof typeof WHERE] as string | undefined;
      if (what === undefined) return [];
      return findRealMigrations(job, audit)
        .filter((migration) => isMigration(migration) && (migration.script !== null) === inScript)
        .map((migration) => ({ job, migration, what }));
    }),
  );

/** devsetup migrates databases of Django only. */
const fixFor = ({ stage, command }: Migration): string =>
  `Migrate in a job of its own, between build and tests and every deployment: \`${stage === 'other' || stage === 'configured' ? command : 'devsetup migrate'}\`.`;

export const inlineInDeploy = defineRule({
  id: 'migrate/inline-in-deploy',
  title: 'A deployment migrates',
  check: (audit) => [
    ...startedMigrations(audit),
    ...misplacedMigrations(audit, false).map(({ job, migration, what }): RuleFinding => ({
      span: migration.call.span,
      message: `${job.id} ${what}, and migrates on the way: if ${migration.command} fails, half of it is done.`,
      evidence: migration.call.layers.map(({ kind, span }) => ({ text: `It is in this ${kind}`, span })).slice(0, 3),
      fix: {
        sentence: fixFor(migration),
        edits: [],
      },
      job: job.key,
      step: migration.step.label,
    })),
  ],
});

/** Those of Jobs, tasks and services that a job runs to their end. */
const startedMigrations = (audit: Audit): readonly RuleFinding[] =>
  pipelinesToJudge(audit).flatMap(({ jobs }) =>
    jobs.flatMap((job) => {
      const what = WHERE[job.role as keyof typeof WHERE] as string | undefined;
      if (what === undefined) return [];
      return migratingTasks(job, audit).map((task): RuleFinding => ({
        span: task.span,
        message: `${job.id} ${what}, and migrates on the way: if ${task.migration.command} fails, half of it is done.`,
        evidence: [{ text: `${task.what} runs it here`, span: task.migration.call.span }],
        fix: {
          sentence:
            'Migrate in a job of its own, between build and tests and every deployment; it may run the same task.',
          edits: [],
        },
        job: job.key,
        step: task.step.label,
      }));
    }),
  );
