import { DevsetupError } from '../core/errors.ts';
import { onlyTenants } from '../core/only-tenants.ts';
import type { Applied } from '../core/step.ts';
import { endingHint, isUnreached } from '../django/companion-errors.ts';
import type { TenantResult } from '../django/protocol.ts';
import type { PipelineRun } from '../pipeline/pipeline-run.ts';
import { collisionHint, describeCollision, isCollision } from './collision.ts';
import { existsAlreadyHint, isTableThere, isThereAlready } from './exists-already.ts';
import { describeLockFailure, isLockFailure, lockHint, notAtomicHint } from './lock-failure.ts';
import type { FleetRun } from './migrate-fleet.ts';
import { templateHint } from './template-hint.ts';
import { fakeInitialSetting } from './warn-of-faking.ts';

export const countTenants = (tenants: number): string => `${tenants} ${tenants === 1 ? 'tenant' : 'tenants'}`;

export const summariseFleet = (run: FleetRun): Applied => {
  const migrated = run.results.filter((result) => result.outcome === 'migrated');
  const faked = migrated.flatMap((result) =>
    result.faked.map((name) => `faked in ${result.schema}, its tables were there: ${name}`),
  );
  const late = [...run.tries].map(
    ([schema, tries]) =>
      `${run.collided.has(schema) ? 'collided with another session' : 'gave way to a lock'}, done at try ${tries}: ${schema}`,
  );
  const upToDate = run.plan.upToDate.length + run.results.length - migrated.length;
  return {
    summary: `${countTenants(migrated.length)} migrated${upToDate > 0 ? `, ${upToDate} up to date` : ''}`,
    details: [...faked, ...late],
    data: fleetData(run, null),
    changed: migrated.length > 0,
  };
};

const fleetData = (run: FleetRun, pipeline: PipelineRun | null): Readonly<Record<string, unknown>> => ({
  workers: run.workers,
  upToDate: run.plan.upToDate.length,
  tenants: [
    ...run.results.map((result) => ({
      schema: result.schema,
      outcome: result.outcome,
      seconds: result.seconds,
      applied: result.applied,
      faked: result.faked,
      error: reasonOf(result, run, pipeline) ?? result.error?.message ?? null,
      tries: run.tries.get(result.schema) ?? 1,
      migrations: (run.migrations.get(result.schema) ?? []).map(({ migration, seconds, faked }) => ({
        migration,
        seconds,
        faked,
      })),
      failedMigration: result.failedMigration,
      place: placeOf(result),
    })),
    ...run.notAttempted.map((schema) => ({
      schema,
      outcome: 'not-attempted',
      seconds: 0,
      applied: 0,
      faked: [],
      error: null,
      tries: 0,
      migrations: [],
      failedMigration: null,
      place: null,
    })),
  ],
});

const placeOf = ({ error }: TenantResult): { readonly file: string; readonly line: number } | null =>
  error === null || error.place === null ? null : { file: error.place.file, line: error.place.line };

/** What of the fleet failed and was not attempted, and the command that repeats only that. */
export const fleetFailure = (run: FleetRun, pipeline: PipelineRun | null): DevsetupError => {
  const failed = run.results.filter((result) => result.outcome === 'failed');
  const again = [...failed.map((result) => result.schema), ...run.notAttempted];
  const repeat = `${pipeline?.repeatCommand ?? 'npx devsetup'} ${onlyTenants(again)}`;
  // Outside of a pipeline no limit is set: a lock that was not had is the project's own doing.
  const locked = pipeline === null ? [] : failed.filter(({ error }) => isLockFailure(error));
  const collided = failed.filter((result) => !locked.includes(result) && isCollision(result.error));
  const stuck = [...locked, ...collided].find(({ failedAtomic }) => failedAtomic === false);
  const waits = locked.map(({ schema }) => run.waits.get(schema));
  const hints =
    stuck !== undefined
      ? [notAtomicHint(stuck.failedMigration ?? 'The migration')]
      : locked.length === failed.length && locked.length > 0
        ? [lockHint(waits)]
        : [
            ...(collided.length > 0 ? [collisionHint] : []),
            ...existsHints(failed, pipeline),
            ...historyHints(failed),
            ...endingHints(failed),
            ...templateHints(failed, pipeline),
          ];
  return new DevsetupError({
    code: 'TENANTS_FAILED',
    message: `${failed.length} failed, ${run.notAttempted.length} not attempted, ${run.results.length - failed.length} migrated`,
    // The first service that does not answer; the others are named with their tenants.
    cause: failed.map(({ error }) => error).find(isUnreached),
    hint: [...hints, `Fix the cause, then repeat only those: ${repeat}`].join('\n'),
    // The screen shows the last of it, so what must not be missed comes last.
    output: [
      ...failed
        .filter((result) => !locked.includes(result) && !collided.includes(result))
        .slice(0, 1)
        .flatMap(tracebackTail),
      ...(run.notAttempted.length > 0 ? [`not attempted: ${run.notAttempted.join(', ')}`] : []),
      ...failed.map((result) => describeFailure(result, reasonOf(result, run, pipeline))),
    ],
    data: fleetData(run, pipeline),
  });
};

/** For the first tenant that it happened to: the others have their names in the list of failures. */
const existsHints = (failed: readonly TenantResult[], pipeline: PipelineRun | null): readonly string[] => {
  const first = failed.find(({ error, failedMigration }) => failedMigration !== null && isThereAlready(error));
  if (first === undefined) return [];
  const { schema, failedMigration, failedAtomic, error } = first;
  return [
    existsAlreadyHint({
      migration: failedMigration ?? '',
      atomic: failedAtomic !== false,
      schema,
      isShared: false,
      database: [],
    }),
    ...(isTableThere(error) && pipeline?.settings.fakeInitial === false
      ? [
          `Where it is so in many tenants, ${fakeInitialSetting(pipeline.settings.environment)} records initial migrations whose tables are there.`,
        ]
      : []),
  ];
};

const historyHints = (failed: readonly TenantResult[]): readonly string[] =>
  failed.some(({ error }) => error?.type?.endsWith('.InconsistentMigrationHistory') === true)
    ? ['The way out where recorded migrations contradict the code: `npx devsetup doctor --only migration-history`']
    : [];

/** For the first process that ended before it had a result. */
const endingHints = (failed: readonly TenantResult[]): readonly string[] => {
  const ended = failed.find(({ error }) => error?.code === 'CRASHED')?.error;
  if (ended === undefined || ended === null) return [];
  const { signal } = ended.data;
  const fewer = 'Fewer workers need less: "migrations": { "concurrency": 1 } in the configuration.';
  return [signal === 'SIGKILL' ? `${endingHint(signal)} ${fewer}` : endingHint(signal)];
};

const templateHints = (failed: readonly TenantResult[], pipeline: PipelineRun | null): readonly string[] => {
  const hints = failed.map(({ error }) => error && templateHint(error, pipeline));
  return [...new Set(hints.filter((hint) => typeof hint === 'string'))];
};

const reasonOf = (result: TenantResult, run: FleetRun, pipeline: PipelineRun | null): string | undefined => {
  const { error } = result;
  if (error === null) return undefined;
  const isLocked = pipeline !== null && isLockFailure(error);
  if (!isLocked && !isCollision(error)) return undefined;
  const words = isLocked
    ? describeLockFailure(error, run.waits.get(result.schema), pipeline.settings.lockTimeoutSeconds)
    : `${describeCollision(error)}: ${error.message.split('\n')[0]}`;
  const tries = run.tries.get(result.schema) ?? 1;
  const times = result.failedAtomic === false ? 'not tried again, since it is not atomic' : `tried ${tries} times`;
  return `${words} (${tries === 1 && result.failedAtomic !== false ? 'tried once' : times})`;
};

/** One line a tenant that did not end well. */
const describeFailure = (result: TenantResult, reason: string | undefined): string => {
  const where = result.failedMigration === null ? '' : ` at ${result.failedMigration}`;
  if (result.error?.code === 'CANCELLED') return `interrupted: ${result.schema}${where}`;
  return `failed: ${result.schema}${where}: ${reason ?? result.error?.message.split('\n')[0] ?? 'no reason given'}`;
};

const TRACEBACK_LINES = 8;

/** The innermost frames, whole. */
const tracebackTail = ({ schema, error }: TenantResult): readonly string[] => {
  const lines = error?.traceback.trimEnd().split('\n') ?? [];
  const from = lines.findIndex((line, index) => index >= lines.length - TRACEBACK_LINES && line.startsWith('  File '));
  return from === -1 ? [] : [`${schema}:`, ...lines.slice(from)];
};
