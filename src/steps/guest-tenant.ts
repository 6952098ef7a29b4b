import { isDevsetupError } from '../core/errors.ts';
import type { State, Step } from '../core/step.ts';
import type { SetupContext } from './context.ts';
import { guestWish } from './ensure-tenant.ts';
import { FIELDS_MISSING } from './tenant-problem.ts';
import { applyTenant, inspectTenant } from './tenant-step.ts';

/** A tenant to try things in. Only in development, unless configuration says otherwise. */
export const guestTenant: Step<SetupContext> = {
  id: 'guest-tenant',
  title: 'Guest tenant',
  dependsOn: ['tenant-migrations'],
  inspect: async (context, progress) => {
    const { guest } = context.config.tenants;
    const wish = guestWish(context);
    if (guest === false || wish === null)
      return { kind: 'skipped', reason: 'tenants.guest is false in the configuration' };
    const unwanted = async (): Promise<State | undefined> => {
      const development = guest.outsideDevelopment ? undefined : await context.development(progress);
      return development?.yes === false
        ? { kind: 'skipped', reason: `only made in development: ${development.reason}` }
        : undefined;
    };
    try {
      const state = await inspectTenant(context, progress, wish);
      return state.kind === 'needed' ? ((await unwanted()) ?? state) : state;
    } catch (error) {
      // A tenant that is not created needs no values.
      const skipped = isDevsetupError(error) && error.code === FIELDS_MISSING ? await unwanted() : undefined;
      if (skipped === undefined) throw error;
      return skipped;
    }
  },
  apply: async (context, progress) => {
    const wish = guestWish(context);
    return wish === null ? { summary: 'switched off', changed: false } : applyTenant(context, progress, wish);
  },
};
