import type { Progress } from '../core/step.ts';
import { pauseBefore } from '../pipeline/try-again.ts';
import type { SetupContext } from './context.ts';
import { isLockError } from './lock-failure.ts';

/** Repeats what is safe to repeat, each time it gave way to a lock, as often as the environment's settings say. */
export const givingWay = async <T>(
  context: SetupContext,
  progress: Progress,
  what: string,
  fn: () => Promise<T>,
): Promise<T> => {
  const retries = context.pipeline?.settings.lockRetries ?? 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fn();
    } catch (error) {
      if (attempt > retries || !isLockError(error)) throw error;
      const say = (seconds: string): void =>
        progress.update(`${what} gave way to a lock: try ${attempt + 1} of ${retries + 1} in ${seconds} s`, true);
      if (!(await pauseBefore(attempt, context.signal, say))) throw error;
    }
  }
};
