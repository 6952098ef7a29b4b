import { DevsetupError } from '../core/errors.ts';
import type { CompanionError, MigrationStarted, RunResult } from '../django/protocol.ts';
import type { LockWait } from '../postgres/watch-lock-waits.ts';
import { commandFailure } from './command-failure.ts';
import type { SetupContext } from './context.ts';
import { describeLockFailure, isLockFailure, lockHint, notAtomicHint } from './lock-failure.ts';
import { fakeInitialSetting } from './warn-of-faking.ts';

export interface SharedFailureFacts {
  readonly context: Pick<SetupContext, 'pipeline'>;
  readonly command: string;
  readonly args: readonly string[];
  readonly result: RunResult & { readonly tail: string };
  /** The migration it was at; undefined: before the first, between two, or behind the last. */
  readonly at: MigrationStarted | undefined;
  readonly tries: number;
  readonly wait: LockWait | undefined;
}

/** Why the shared schema could not be migrated, and what mends it. */
export const sharedFailure = (facts: SharedFailureFacts): DevsetupError => {
  const { context, command, result, at, args } = facts;
  if (context.pipeline !== null && isLockFailure(result.error)) return lockFailure(facts);
  const repeat = context.pipeline?.repeatCommand ?? 'devsetup';
  const mend =
    at === undefined
      ? `It failed before the first migration: mend what it says, then run ${repeat} again.`
      : `Mend the migration (nothing of it was kept if it is atomic), then run ${repeat} again.`;
  const setting = fakeInitialSetting(context.pipeline?.settings.environment);
  const hint =
    isTableThere(result.error) && !args.includes('--fake-initial')
      ? `Its table was made by something else. If it is as the migration would make it, ${setting} records the migration as applied.`
      : mend;
  return commandFailure({ code: 'MIGRATION_FAILED', command, result, at: at?.migration, hint });
};

/** By SQLSTATE 42P07, or the driver's name for it: the message is in the server's language. */
export const isTableThere = (error: Pick<CompanionError, 'data' | 'traceback'> | null): boolean =>
  error?.data['sqlstate'] === '42P07' || error?.traceback.includes('.DuplicateTable:') === true;

const lockFailure = ({ context, command, result, at, tries, wait }: SharedFailureFacts): DevsetupError => {
  const limit = context.pipeline?.settings.lockTimeoutSeconds;
  const words = result.error === null ? '' : describeLockFailure(result.error, wait, limit);
  const where = at === undefined ? '' : ` at ${at.migration}`;
  const kept = at?.atomic === false;
  const times = kept ? 'not tried again, since it is not atomic' : tries === 1 ? 'tried once' : `tried ${tries} times`;
  const again = `To repeat: ${context.pipeline?.repeatCommand ?? 'devsetup'}`;
  return new DevsetupError({
    code: 'MIGRATION_LOCK_TIMEOUT',
    message: `${command} stopped${where}: ${words} (${times})`,
    hint: `${kept ? notAtomicHint(at.migration) : lockHint([wait])} ${again}`,
    data: { tries },
  });
};
