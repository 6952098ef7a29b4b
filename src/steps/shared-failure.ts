import { DevsetupError } from '../core/errors.ts';
import { isUnreached } from '../django/companion-errors.ts';
import type { MigrationStarted, RunResult } from '../django/protocol.ts';
import type { LockWait } from '../postgres/watch-lock-waits.ts';
import { commandFailure } from './command-failure.ts';
import type { SetupContext } from './context.ts';
import { existsAlreadyHint, isTableThere, isThereAlready } from './exists-already.ts';
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

/** Why the shared schema could not be migrated, and how to fix it. */
export const sharedFailure = (facts: SharedFailureFacts): DevsetupError => {
  const { context, command, result, at, args } = facts;
  if (context.pipeline !== null && isLockFailure(result.error)) return lockFailure(facts);
  const repeat = context.pipeline?.repeatCommand ?? 'npx devsetup';
  const setting = fakeInitialSetting(context.pipeline?.settings.environment);
  const hint = [
    ...(at !== undefined && isThereAlready(result.error)
      ? [existsAlreadyHint({ ...at, isShared: true, database: databaseOption(args) })]
      : []),
    ...(isTableThere(result.error) && !args.includes('--fake-initial')
      ? [`Where it is so in many databases, ${setting} records initial migrations whose tables are there.`]
      : []),
    at === undefined
      ? `It failed before the first migration: fix what it says, then run ${repeat} again.`
      : fixHint(at, result, repeat),
  ].join('\n');
  return commandFailure({ code: 'MIGRATION_FAILED', command, result, at: at?.migration, hint });
};

const databaseOption = (args: readonly string[]): readonly string[] => {
  const index = args.indexOf('--database');
  return index === -1 ? [] : args.slice(index, index + 2);
};

const fixHint = ({ migration, atomic }: MigrationStarted, { error }: RunResult, repeat: string): string =>
  atomic
    ? `${isUnreached(error) ? 'Nothing is wrong with the migration' : 'Fix the migration'} (none of it was kept), then run ${repeat} again.`
    : `${migration} is not atomic, so a part of it may be done: check which of its operations are, before you fix it and run ${repeat} again.`;

const lockFailure = ({ context, command, result, at, tries, wait }: SharedFailureFacts): DevsetupError => {
  const limit = context.pipeline?.settings.lockTimeoutSeconds;
  const words = result.error === null ? '' : describeLockFailure(result.error, wait, limit);
  const where = at === undefined ? '' : ` at ${at.migration}`;
  const kept = at?.atomic === false;
  const times = kept ? 'not tried again, since it is not atomic' : tries === 1 ? 'tried once' : `tried ${tries} times`;
  const again = `To repeat: ${context.pipeline?.repeatCommand ?? 'npx devsetup'}`;
  return new DevsetupError({
    code: 'MIGRATION_LOCK_TIMEOUT',
    message: `${command} stopped${where}: ${words} (${times})`,
    hint: `${kept ? notAtomicHint(at.migration) : lockHint([wait])} ${again}`,
    data: { tries },
  });
};
