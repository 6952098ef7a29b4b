import { writeCache } from '../cache/write-cache.ts';
import { SILENT, type State, type Step } from '../core/step.ts';
import type { SetupContext } from '../steps/context.ts';
import { watchedUser } from '../steps/superuser.ts';
import type { OpenContext } from './open-context.ts';

/** Caches what this run found, so that the next can tell without Django that nothing has changed. Answers why it could not. */
export const cacheRun = async (steps: readonly Step<SetupContext>[], open: OpenContext): Promise<readonly string[]> => {
  const { context, cache } = open;
  const django = open.started();
  if (cache === undefined || django === undefined || django.description.database.vendor !== 'postgresql') return [];
  // The cache compares the database that is migrated; what changes in another one would go unseen.
  const others = django.description.otherDatabases.filter((other) => other.isWritten || other.needsMigrations);
  if (others.length > 0)
    return [`models are kept in other databases, too: ${others.map(({ alias }) => alias).join(', ')}`];
  const inputs = await django.inputs(watchedUser(context, django.description));
  // An existing superuser's password is compared with it.
  const variables = inputs.variables && [...inputs.variables, 'DJANGO_SUPERUSER_PASSWORD'];
  return writeCache(cache, {
    inputs: { ...inputs, variables },
    target: await context.target(SILENT),
    checkoutBefore: open.checkoutBefore(),
    djangoStartedAt: open.djangoStartedAt(),
    look: async () => {
      context.forget();
      const asked = steps.filter(({ id }) => open.isNoted(id));
      // At the same time: an inspection changes nothing, so none has to wait for another.
      const looks = asked.map(async (step): Promise<[string, State]> => [step.id, await step.inspect(context, SILENT)]);
      const states = await Promise.all(looks);
      return states.every(([, { kind }]) => kind !== 'needed' && kind !== 'blocked')
        ? Object.fromEntries(states)
        : null;
    },
  });
};
