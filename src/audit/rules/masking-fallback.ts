import { defineRule, type RuleFinding } from '../finding.ts';
import { findRealMigrations } from '../model/find-real-migrations.ts';
import { isMigration } from '../model/migrations.ts';
import { runsOnThrowAwayDatabase } from '../model/throw-away-database.ts';
import { fallbackOf } from './migration-fallback.ts';

export const maskingFallback = defineRule({
  id: 'migrate/masking-fallback',
  title: 'A fallback hides why a migration has failed',
  check: (audit) =>
    audit.pipelines.flatMap(({ jobs }) =>
      jobs
        .filter((job) => !runsOnThrowAwayDatabase(job))
        .flatMap((job) =>
          findRealMigrations(job, audit).flatMap((migration): readonly RuleFinding[] => {
            const { call, command, step } = migration;
            if (!isMigration(migration) || call.fate.kind !== 'replaced' || fallbackOf(migration) !== 'work') return [];
            return [
              {
                span: call.span,
                message: `Whatever makes ${command} fail, something else is run in its place, and decides.`,
                evidence: [{ text: 'This is run in its place', span: call.fate.span }],
                fix: {
                  sentence: 'Ask whether the command exists, or what state the database is in; then run the right one.',
                  edits: [],
                },
                job: job.key,
                step: step.label,
              },
            ];
          }),
        ),
    ),
});
