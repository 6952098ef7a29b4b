import { setTimeout as sleep } from 'node:timers/promises';

import { backoffMilliseconds } from './backoff.ts';

/**
 * Pauses before the next try, counted from 1.
 *
 * @returns false where the run was interrupted meanwhile
 */
export const pauseBefore = async (
  attempt: number,
  signal: AbortSignal,
  say: (seconds: string) => void,
): Promise<boolean> => {
  const milliseconds = backoffMilliseconds(attempt, Math.random);
  say((milliseconds / 1000).toFixed(1));
  try {
    await sleep(milliseconds, undefined, { signal });
    return true;
  } catch {
    // Aborted: what was interrupted is said by the caller.
    return false;
  }
};
