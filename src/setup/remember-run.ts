import type { Progress, State, Step } from '../core/step.ts';
import { remember } from '../recall/recall.ts';
import { watchedUser } from '../steps/superuser.ts';
import type { SetupContext } from '../steps/context.ts';
import type { OpenContext } from './create-context.ts';

const SILENT: Progress = { update: () => undefined, output: () => undefined, warn: () => undefined };

/** Keeps what this run found, so that the next can tell without Django that nothing has changed. */
export const rememberRun = async (steps: readonly Step<SetupContext>[], open: OpenContext): Promise<void> => {
  const { context, recall } = open;
  const django = open.started();
  if (recall === undefined || django === undefined || django.description.database.vendor !== 'postgresql') return;
  await remember(recall, {
    inputs: await django.inputs(watchedUser(context, django.description)),
    target: await context.target(SILENT),
    djangoStartedAt: open.djangoStartedAt(),
    look: async () => {
      context.forget();
      const states: Record<string, State> = {};
      for (const step of steps.filter(({ id }) => open.isNoted(id))) {
        const state = await step.inspect(context, SILENT);
        if (state.kind === 'needed' || state.kind === 'blocked') return null;
        states[step.id] = state;
      }
      return states;
    },
  });
};
