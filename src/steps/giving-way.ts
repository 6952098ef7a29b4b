import type { Progress } from '../core/step.ts';
import { pauseBefore } from '../pipeline/try-again.ts';
import { isCollisionError } from './collision.ts';
import type { SetupContext } from './context.ts';
import { isLockError } from './lock-failure.ts';
import { COLLISION_TRIES } from './plan-retry.ts';

/**
 * Repeats what is safe to repeat: each time it hit the lock timeout, as often as the environment's settings say, and a few times where it
 * collided with another session. `isUndone` answers whether what failed has left nothing behind.
 */
export const givingWay = async <T>(
  context: SetupContext,
  progress: Progress,
  what: string,
  fn: () => Promise<T>,
  isUndone: () => boolean = () => true,
): Promise<T> => {
  const retries = context.pipeline?.settings.lockRetries ?? 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fn();
    } catch (error) {
      const isLocked = attempt <= retries && isLockError(error);
      const isCollided = attempt < COLLISION_TRIES && isCollisionError(error);
      if (!(isLocked || isCollided) || !isUndone()) throw error;
      const [trouble, tries] = isLocked
        ? ['gave way to a lock', retries + 1]
        : ['collided with another session', COLLISION_TRIES];
      const say = (seconds: string): void =>
        progress.update(`${what} ${trouble}: try ${attempt + 1} of ${tries} in ${seconds} s`, {
          important: true,
        });
      if (!(await pauseBefore(attempt, context.signal, say))) throw error;
    }
  }
};
