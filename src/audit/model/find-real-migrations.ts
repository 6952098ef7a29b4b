import type { Holes } from '../../shell/holes.ts';
import { holesIn } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import type { Audit, AuditedJob, AuditedStep } from '../pipeline.ts';
import { changesWhatRuns, isDeployingAction, runsTests } from './evidence.ts';
import { findMigrations, type Migration } from './migrations.ts';
import { isSelfHosted } from './own-server.ts';
import { isDatabaseService } from './throw-away-database.ts';

/** On the runner itself, or in a container there. */
const isLocal = ({ layers }: ShellCall): boolean => !layers.some(({ kind }) => kind === 'remote');

const PLATFORMS = /^(?:kubectl|oc|heroku|fly|flyctl|aws|gcloud|az|cf|railway|render|dokku|eb|nomad|convox|porter)$/;

/** Through a program that runs it elsewhere: the container's call is one of those around it. */
const isOnPlatform = ({ call, step }: Migration): boolean =>
  step.calls.some(
    ({ words, layers, span }) =>
      layers.length < call.layers.length &&
      call.layers.some((layer) => layer.span.file === span.file && layer.span.line === span.line) &&
      PLATFORMS.test((words[0]?.value ?? '').split('/').at(-1) ?? ''),
  );

const DATABASE_NAME = /database|(?:^|_)(?:db|pg|sql|postgres|postgresql|mysql)(?:_|$)/i;

/** A variable of the step says with a secret which database is meant. */
const reachesDatabase = ({ environment }: AuditedStep, holes: Holes): boolean =>
  [...environment].some(
    ([name, { value }]) => DATABASE_NAME.test(name) && holesIn(value, holes).some(({ kind }) => kind === 'secret'),
  );

/** Whether tests come after it, and before the job changes what runs: those behind that try the deployment. */
const isFollowedByTests = ({ call, step }: Migration, steps: AuditedJob['steps'], holes: Holes): boolean => {
  const at = steps.indexOf(step);
  for (const [index, { calls }] of steps.entries()) {
    if (index < at) continue;
    const later = index === at ? calls.slice(calls.indexOf(call) + 1) : calls;
    const end = later.findIndex((one) => changesWhatRuns(one, holes));
    const before = end < 0 ? later : later.slice(0, end);
    if (before.some((one) => isLocal(one) && runsTests(one, holes))) return true;
    if (end >= 0 || (index > at && isDeployingAction(steps[index] as AuditedStep))) return false;
  }
  return false;
};

/**
 * Whether a job migrates for its own tests: a database of its own, on the runner, and tests behind it. What a job that tests and deploys
 * migrates before it tests is none of the deployment's.
 */
const isRehearsal = (migration: Migration, { job, steps, services }: AuditedJob, holes: Holes): boolean => {
  const { call, step } = migration;
  const hasService = services.some(isDatabaseService);
  if (!isLocal(call) || isOnPlatform(migration) || (isSelfHosted(job) && !hasService)) return false;
  if (!isFollowedByTests(migration, steps, holes)) return false;
  return hasService || !reachesDatabase(step, holes);
};

/** Whether it is certain that a migration changes a database that is not the job's own. */
export const reachesDeployedDatabase = (
  migration: Migration,
  { job, environment }: AuditedJob,
  holes: Holes,
): boolean =>
  !isLocal(migration.call) ||
  isOnPlatform(migration) ||
  environment !== null ||
  isSelfHosted(job) ||
  migration.stage === 'devsetup' ||
  reachesDatabase(migration.step, holes);

/** The migrations and tenant set-ups of a job but those it makes for its own tests. */
export const findRealMigrations = (
  job: AuditedJob,
  { config, holes }: Pick<Audit, 'config' | 'holes'>,
): readonly Migration[] => findMigrations(job, config).filter((migration) => !isRehearsal(migration, job, holes));
