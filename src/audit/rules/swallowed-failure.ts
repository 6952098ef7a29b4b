import type { Span } from '../../core/placed-text.ts';
import { removeLines, removeSpan } from '../edits.ts';
import { defineRule, type RuleFinding } from '../finding.ts';
import { isSameSpan } from '../is-same-span.ts';
import { findRealMigrations } from '../model/find-real-migrations.ts';
import { isMigration, type Migration } from '../model/migrations.ts';
import { runsOnThrowAwayDatabase } from '../model/throw-away-database.ts';
import { migratingTasks } from '../start/migrating-tasks.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import type { Audit, AuditedJob, Pipeline } from '../pipeline.ts';
import type { Hidden } from './hidden-failure.ts';
import { ignoresAnswer, ignoresStatus } from './migration-requests.ts';
import { allThatHides, startsUnawaited } from './not-awaited.ts';

export const swallowedFailure = defineRule({
  id: 'migrate/swallowed-failure',
  title: 'A failed migration counts as success',
  check: (audit) =>
    audit.pipelines.flatMap((pipeline) =>
      pipeline.jobs.flatMap((job) => (runsOnThrowAwayDatabase(job) ? [] : judgeJob(job, pipeline, audit))),
    ),
});

const judgeJob = (job: AuditedJob, pipeline: Pipeline, audit: Audit): readonly RuleFinding[] => {
  const found: RuleFinding[] = [];
  const causes: Span[] = [];
  const migrations = findRealMigrations(job, audit);
  for (const migration of migrations) {
    for (const hidden of allThatHides(migration, job, pipeline, audit.holes)) {
      const at = placeOf(hidden, migration);
      // One `|| true` behind a group, one `continue-on-error` above several commands, one shell without `set -e`: one fault.
      if (causes.some((cause) => isSameSpan(cause, hidden.span))) continue;
      causes.push(hidden.span);
      found.push({
        span: at,
        message: `If ${migration.command} fails, ${job.id} continues as if it had not: ${hidden.how}.`,
        evidence: [
          ...(at === migration.call.span
            ? []
            : [{ text: `${migration.command} is run here`, span: migration.call.span }]),
          ...(hidden.by === 'key' ? [] : (hidden.evidence ?? [{ text: 'This hides the failure', span: hidden.span }])),
        ],
        fix: mend(hidden, audit),
        job: job.key,
        step: migration.step.label,
        ...(isMigration(migration) ? {} : { severity: 'warning' }),
      });
    }
  }
  const isReported = (span: Span): boolean => found.some((one) => isSameSpan(one.span, span));
  const requested = migrations.filter(({ call }) => !isReported(call.span));
  return [...found, ...judgeStarted(job, pipeline, migrations, audit), ...judgeSent(job, requested, audit)];
};

/** The migration, or where another file hides its failure, the command there that leads to it. */
const placeOf = ({ by, span }: Hidden, { call }: Migration): Span => {
  if (by === 'key') return span;
  if (span.file === call.span.file) return call.span;
  return call.layers.findLast((layer) => layer.span.file === span.file)?.span ?? call.span;
};

/** Migrations that are defined elsewhere, and only started here. */
const judgeStarted = (
  job: AuditedJob,
  pipeline: Pipeline,
  known: readonly Migration[],
  audit: Audit,
): readonly RuleFinding[] => {
  const { holes } = audit;
  const isDefined = (call: ShellCall): boolean =>
    migratingTasks(job, audit).some(({ span }) => isSameSpan(span, call.span));
  return job.steps.flatMap((step) =>
    step.calls
      .filter((call) => !known.some(({ call: { layers } }) => layers.some(({ span }) => isSameSpan(span, call.span))))
      .flatMap((call): readonly RuleFinding[] => {
        const starter = startsUnawaited(call, job, pipeline, { holes, isDefined });
        const isRequest = starter === null && ignoresAnswer(call, holes);
        if (starter === null && !isRequest) return [];
        const [what, why] =
          starter === null
            ? ['this request', '`curl` without `--fail` succeeds whatever the server answers']
            : [`\`${starter.name}\``, 'nothing waits for it and asks how it ends'];
        return [
          {
            span: call.span,
            message: `If the migration that ${what} starts fails, ${job.id} continues as if it had not: ${why}.`,
            fix: { sentence: starter?.remedy ?? 'Add `--fail-with-body`.', edits: [] },
            job: job.key,
            step: step.label,
          },
        ];
      }),
  );
};

/** Commands in the body of a request: an agent of the platform runs them, and only its answer says how they ended. */
const judgeSent = (job: AuditedJob, migrations: readonly Migration[], { holes }: Audit): readonly RuleFinding[] =>
  migrations.flatMap(({ call: { layers }, command, step }): readonly RuleFinding[] => {
    const request = step.calls.find(
      (call) => layers.some(({ span }) => isSameSpan(span, call.span)) && ignoresStatus(call, holes),
    );
    if (request === undefined) return [];
    return [
      {
        span: request.span,
        message: `If ${command} fails, ${job.id} continues as if it had not: \`curl\` without \`--fail\` succeeds whatever the server answers.`,
        fix: { sentence: 'Add `--fail-with-body`, and check the exit code in the answer.', edits: [] },
        job: job.key,
        step: step.label,
      },
    ];
  });

const mend = (hidden: Hidden, audit: Audit): RuleFinding['fix'] => {
  if (hidden.by === 'key') {
    return { sentence: 'Remove continue-on-error.', edits: removeLines(audit, hidden.span) };
  }
  if (hidden.remedy !== undefined) return { sentence: hidden.remedy, edits: [] };
  const isPlain = /^\|\|\s*(?:true|:)$/.test(hidden.how.trim());
  return {
    sentence: `Let the failure end the job: remove ${isPlain ? `\`${hidden.how}\`` : 'what hides it'}.`,
    edits: isPlain ? removeSpan(audit, hidden.span) : [],
  };
};
