import { defineRule, type RuleFinding } from '../finding.ts';
import type { Span } from '../../core/placed-text.ts';
import { writtenAt } from '../images/cause-of-use.ts';
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
    ...misplacedMigrations(audit, false).map(({ job, migration, what }): RuleFinding => {
      const { layers, span: used } = migration.call;
      const span = placeOf(migration, audit);
      return {
        span,
        // Several commands may use it.
        ...(span === used ? {} : { cause: span }),
        message: `${job.id} ${what}, and migrates on the way: if ${migration.command} fails, half of it is done.`,
        evidence: [
          ...(span === used ? [] : [{ text: 'It is run here', span: used }]),
          ...layers.map((layer) => ({ text: `It is in this ${layer.kind}`, span: layer.span })),
        ].slice(0, 3),
        fix: {
          sentence: fixFor(migration),
          edits: [],
        },
        job: job.key,
        step: migration.step.label,
      };
    }),
  ],
});

/** The command, or where it is written if that is the value of a variable: `COMMANDS='["python manage.py migrate"]'`. */
const placeOf = ({ call, command }: Migration, audit: Audit): Span => {
  const word = command.split(' ').at(-1) ?? command;
  if (writtenAt(call.span, audit).includes(word)) return call.span;
  const origins = call.words.flatMap(({ origins: of }) => of.flatMap(({ span }) => span ?? []));
  return origins.findLast((span) => writtenAt(span, audit).includes(word)) ?? call.span;
};

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
