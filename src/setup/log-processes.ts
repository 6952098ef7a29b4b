import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import path from 'node:path';

import { withFileLock } from '../state/file-lock.ts';
import { isRunning, readProcessStart } from '../state/process-identity.ts';
import type { LogProcesses } from '../ui/trim-log.ts';

/** Trimming takes a moment; a run that cannot have the lock for longer than this leaves the log as it is. */
const LOCK_MILLISECONDS = 10_000;

/** @param lockDirectory one for all checkouts of this user, since they may share a log */
export const logProcesses = (pid: number, lockDirectory: string): LogProcesses => ({
  start: readProcessStart(pid),
  isRunning,
  exclusively: (log, fn) => {
    const limit = { milliseconds: LOCK_MILLISECONDS, error: () => new Error('another run trims the log') };
    const lock = { pid, signal: new AbortController().signal, onWaiting: () => undefined, limit };
    return withFileLock(lockOf(log, lockDirectory), lock, async () => fn());
  },
});

/** One for each log, in a folder of devsetup: next to a log called `yarn`, `yarn.lock` belongs to another program. */
const lockOf = (log: string, lockDirectory: string): string => {
  const real = path.join(realpathSync(path.dirname(log)), path.basename(log));
  return path.join(lockDirectory, `log-${createHash('sha256').update(real).digest('hex').slice(0, 16)}.lock`);
};
