import type { OwnStep } from '../config/config.ts';
import type { Step } from '../core/step.ts';
import type { StateStore } from '../state/state-store.ts';
import type { SetupContext } from './context.ts';
import { memoryKey } from './project-step.ts';
import { readUnfinished } from './unfinished-schemas.ts';

/**
 * A step that asks Django only if something may have changed: what it found in the last good run is taken as long as the context
 * has it cached, and what it finds now is noted for the next.
 */
export const cacheable = (step: Step<SetupContext>): Step<SetupContext> => {
  const { begin } = step;
  return {
    ...step,
    ...(begin && {
      begin: async (context, progress) => {
        if ((await context.cached(step.id)) === undefined) await begin(context, progress);
      },
    }),
    inspect: async (context, progress) => {
      const known = await context.cached(step.id);
      if (known !== undefined) return known;
      context.note(step.id);
      return step.inspect(context, progress);
    },
  };
};

/** What steps keep of the project's own commands, and of migrations that were cut short: without it they would find something else. */
export const rememberedBy = (state: StateStore, own: readonly OwnStep[]): readonly unknown[] => [
  ...['super-tenant', 'guest-tenant', ...own.map(memoryKey)].map((key) => state.read(key) ?? null),
  readUnfinished(state),
];
