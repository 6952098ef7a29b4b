import type { Span } from '../../core/placed-text.ts';
import { removeLines, removeSpan } from '../edits.ts';
import { defineRule, type RuleFinding } from '../finding.ts';
import { isSameSpan } from '../is-same-span.ts';
import { findRealMigrations } from '../model/find-real-migrations.ts';
import { isMigration, type Migration } from '../model/migrations.ts';
import { runsOnThrowAwayDatabase } from '../model/throw-away-database.ts';
import type { Audit, AuditedJob } from '../pipeline.ts';
import { fallbackOf } from './migration-fallback.ts';

/** The part that hides a failure, and how people know it. */
interface Hidden {
  readonly how: string;
  readonly span: Span;
  readonly by: 'script' | 'key';
}

export const swallowedFailure = defineRule({
  id: 'migrate/swallowed-failure',
  title: 'A failed migration counts as success',
  check: (audit) =>
    audit.pipelines.flatMap(({ jobs }) =>
      jobs.flatMap((job) => (runsOnThrowAwayDatabase(job) ? [] : judgeJob(job, audit))),
    ),
});

const judgeJob = (job: AuditedJob, audit: Audit): readonly RuleFinding[] => {
  const found: RuleFinding[] = [];
  for (const migration of findRealMigrations(job, audit)) {
    for (const hidden of hiddenBy(migration, job)) {
      const at = hidden.by === 'key' ? hidden.span : migration.call.span;
      // One `|| true` behind a group, one `continue-on-error` above several commands: one fault.
      if (found.some(({ evidence, span }) => [span, evidence?.[0]?.span].some((one) => isSameSpan(one, hidden.span)))) {
        continue;
      }
      found.push({
        span: at,
        message: `If ${migration.command} fails, ${job.id} goes on as if it had not: ${hidden.how}.`,
        evidence:
          hidden.by === 'key'
            ? [{ text: `${migration.command} is run here`, span: migration.call.span }]
            : [{ text: 'This hides the failure', span: hidden.span }],
        fix: mend(hidden, audit),
        job: job.key,
        step: migration.step.label,
        ...(isMigration(migration) ? {} : { severity: 'warning' }),
      });
    }
  }
  return found;
};

const hiddenBy = (migration: Migration, job: AuditedJob): readonly Hidden[] => {
  const { fate } = migration.call;
  const keys = [migration.step.continuesOnError, job.continuesOnError].flatMap((span): readonly Hidden[] =>
    span === null ? [] : [{ how: 'continue-on-error', span, by: 'key' }],
  );
  if (fate.kind === 'swallowed') return [{ how: fate.how, span: fate.span, by: 'script' }, ...keys];
  if (fate.kind === 'replaced' && fallbackOf(migration) === 'message') {
    return [{ how: '|| with a command that only tells of it', span: fate.span, by: 'script' }, ...keys];
  }
  return keys;
};

const mend = (hidden: Hidden, audit: Audit): RuleFinding['fix'] => {
  if (hidden.by === 'key') {
    return { sentence: 'Remove continue-on-error.', edits: removeLines(audit, hidden.span) };
  }
  const isPlain = /^\|\|\s*(?:true|:)$/.test(hidden.how.trim());
  return {
    sentence: `Let the failure end the job: remove ${isPlain ? `\`${hidden.how}\`` : 'what hides it'}.`,
    edits: isPlain ? removeSpan(audit, hidden.span) : [],
  };
};
