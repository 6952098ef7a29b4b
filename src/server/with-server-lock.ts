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

/** Longer than any start or stop takes. */
const LONGEST_WAIT_MILLISECONDS = 200_000;

/** One start, stop or removal at a time. Throws EMBEDDED_LOCKED. */
export const withServerLock = <T>({ lockFile }: ServerPlace, options: LockOptions, fn: () => Promise<T>): Promise<T> =>
  withFileLock(
    lockFile,
    {
      ...options,
      limit: {
        milliseconds: LONGEST_WAIT_MILLISECONDS,
        error: (pid) =>
          new DevsetupError({
            code: 'EMBEDDED_LOCKED',
            message: `Another devsetup (pid ${pid}) has been starting or stopping the embedded PostgreSQL for minutes.`,
            hint: `Check what it does: ps -f -p ${pid}. If it hangs, end it (kill ${pid}) and try again.`,
          }),
      },
    },
    fn,
  );
