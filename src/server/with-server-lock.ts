import { DevsetupError } from '../core/errors.ts';
import { withFileLock } from '../state/file-lock.ts';
import type { ServerPlace } from './server-place.ts';

export interface LockOptions {
  /** Of this process. */
  readonly pid: number;
  readonly signal: AbortSignal;
  /** Called once, when another devsetup starts or stops the server. */
  readonly onWaiting: (pid: number) => void;
}

/** Longer than any start or stop takes: what holds it then is not what it was. */
const LONGEST_WAIT_MILLISECONDS = 200_000;

/** One start, stop or removal at a time. Throws EMBEDDED_LOCKED. */
export const withServerLock = async <T>(
  { lockFile }: ServerPlace,
  options: LockOptions,
  fn: () => Promise<T>,
): Promise<T> => {
  const limit = AbortSignal.timeout(LONGEST_WAIT_MILLISECONDS);
  let holder: number | undefined;
  let held = false;
  try {
    return await withFileLock(
      lockFile,
      {
        pid: options.pid,
        signal: AbortSignal.any([options.signal, limit]),
        onWaiting: (pid) => {
          holder = pid;
          options.onWaiting(pid);
        },
      },
      () => {
        held = true;
        return fn();
      },
    );
  } catch (error) {
    if (held || !limit.aborted || options.signal.aborted) throw error;
    throw new DevsetupError({
      code: 'EMBEDDED_LOCKED',
      message: `Another devsetup (pid ${holder ?? '?'}) has been starting or stopping the embedded PostgreSQL for minutes.`,
      hint: `If there is no such process, remove ${lockFile} and try again.`,
      cause: error,
    });
  }
};
