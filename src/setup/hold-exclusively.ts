import path from 'node:path';

import { DevsetupError } from '../core/errors.ts';
import type { Progress } from '../core/step.ts';
import { withFileLock } from '../state/file-lock.ts';

export interface ExclusiveOptions {
  readonly stateDirectory: string;
  readonly pid: number;
  readonly signal: AbortSignal;
  /** The longest that what is done under the lock may take. */
  readonly seconds: number;
}

/** Runs `fn` while no other devsetup does `what` in this checkout. Throws STEP_LOCKED. */
export const holdExclusively = <T>(
  what: string,
  progress: Progress,
  { stateDirectory, pid: own, signal, seconds }: ExclusiveOptions,
  fn: (waited: boolean) => Promise<T>,
): Promise<T> =>
  withFileLock(
    path.join(stateDirectory, `${what}.lock`),
    {
      pid: own,
      signal,
      onWaiting: (pid) => progress.update(`waiting for another devsetup (pid ${pid})`, { important: true }),
      limit: {
        milliseconds: seconds * 1000,
        error: (pid) =>
          new DevsetupError({
            code: 'STEP_LOCKED',
            message: `Another devsetup (pid ${pid}) has been at ${what} for more than ${seconds} s.`,
            hint: `Check what it does: ps -f -p ${pid}. If it hangs, end it (kill ${pid}) and run devsetup again.`,
          }),
      },
    },
    fn,
  );
