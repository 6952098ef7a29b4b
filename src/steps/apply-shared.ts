import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import type { Applied, Progress } from '../core/step.ts';
import type { MigrationEvent, MigrationStarted, ProgressData } from '../django/protocol.ts';
import { pauseBefore } from '../pipeline/try-again.ts';
import type { LockWatch } from '../postgres/watch-lock-waits.ts';
import type { SetupContext } from './context.ts';
import { forgetting } from './forgetting.ts';
import { describeBlocker } from '../postgres/watch-lock-waits.ts';
import { describeCollision, isCollision } from './collision.ts';
import { findLockWait, isLockFailure } from './lock-failure.ts';
import { COLLISION_TRIES } from './plan-retry.ts';
import { runManage } from './run-manage.ts';
import { sharedFailure } from './shared-failure.ts';

/**
 * Runs the command that migrates the shared schema. A migration that collided with another session is tried again, and in a pipeline one
 * that hit the lock timeout: those before it stay applied, and of an atomic one nothing was kept.
 */
export const applyShared = async (
  context: SetupContext,
  progress: Progress,
  words: readonly string[],
  watch: Pick<LockWatch, 'find'>,
): Promise<Applied> => {
  const [command = '', ...args] = words;
  const { shared } = await context.inspection(progress);
  const retries = context.pipeline?.settings.lockRetries ?? 0;
  const done: MigrationEvent[] = [];
  const troubles: string[] = [];
  let running: MigrationStarted | undefined;
  const follow = (event: ProgressData): void => {
    if (event.kind === 'migration-started') running = event;
    if (event.kind === 'migration') {
      running = undefined;
      done.push(event);
    }
  };
  const stopped = (failure: unknown): unknown =>
    context.pipeline === null || !isDevsetupError(failure) ? failure : withState(failure, shared.pending, done);

  for (let attempt = 1; ; attempt += 1) {
    running = undefined;
    const isNew = !shared.initialised && attempt === 1;
    const request = runManage(context, progress, { command, args, migratesNewSchema: isNew }, follow);
    const result = await forgetting(context, request).catch((error: unknown) => {
      throw stopped(error);
    });
    // Narrowed to undefined by the compiler, which does not see the callback.
    const at = running as MigrationStarted | undefined;
    // A migration that calls sys.exit(0) ends the command without an error, and is not recorded.
    if (result.exitCode === 0 && at === undefined) return summarise(done, attempt, troubles);
    const wait = findLockWait(result.error, watch);
    const isLocked = attempt <= retries && isLockFailure(result.error);
    const isCollided = attempt < COLLISION_TRIES && isCollision(result.error);
    const mayRepeat = (isLocked || isCollided) && at?.atomic !== false;
    const holder = wait?.blockers[0];
    const trouble = isLocked
      ? `gave way to a lock${holder === undefined ? '' : ` of ${describeBlocker(holder)}`}`
      : describeCollision(result.error);
    const tries = isLocked ? retries + 1 : COLLISION_TRIES;
    const say = (seconds: string): void =>
      progress.update(`${at?.migration ?? command} ${trouble}: try ${attempt + 1} of ${tries} in ${seconds} s`, {
        important: true,
      });
    troubles.push(isLocked ? 'gave way to a lock' : 'collided with another session');
    if (mayRepeat && (await pauseBefore(attempt, context.signal, say))) continue;
    throw stopped(sharedFailure({ context, command, result, at, tries: attempt, wait, args }));
  }
};

const summarise = (done: readonly MigrationEvent[], tries: number, troubles: readonly string[]): Applied => {
  const faked = done.filter((event) => event.faked);
  const applied = done.length - faked.length;
  return {
    summary: `${applied} ${applied === 1 ? 'migration' : 'migrations'} applied${faked.length > 0 ? `, ${faked.length} faked` : ''}`,
    details: [
      ...faked.map((event) => `faked, its tables were there: ${event.migration}`),
      ...(tries > 1 ? [`${[...new Set(troubles)].join(', ')}, done at try ${tries}`] : []),
    ],
    data: {
      applied: done.filter((event) => !event.faked).map((event) => event.migration),
      faked: faked.map((event) => event.migration),
      migrations: durations(done),
      tries,
    },
  };
};

const durations = (done: readonly MigrationEvent[]): readonly object[] =>
  done.map(({ migration, seconds, faked }) => ({ migration, seconds, faked }));

/** What was done before it stopped, and what was not: the last lines, since a screen shows those. */
const withState = (
  failure: DevsetupError,
  pending: readonly string[],
  done: readonly MigrationEvent[],
): DevsetupError => {
  const applied = done.map((event) => event.migration);
  const left = pending.filter((name) => !applied.includes(name));
  const { code, message, hint, exitCode, cause } = failure;
  return new DevsetupError({
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    exitCode,
    cause,
    output: [
      ...failure.output,
      `applied before it stopped: ${applied.length === 0 ? 'nothing' : applied.join(', ')}`,
      `not applied: ${left.length === 0 ? 'nothing' : left.join(', ')}`,
    ],
    data: { ...failure.data, applied, notApplied: left, migrations: durations(done) },
  });
};
