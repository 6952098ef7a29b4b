import type { Step } from '../core/step.ts';
import type { SetupContext } from './context.ts';
import { applyTenant, inspectTenant } from './tenant-step.ts';

/** A tenant to try things in. Only in development, unless configuration says otherwise. */
export const guestTenant: Step<SetupContext> = {
  id: 'guest-tenant',
  title: 'Guest tenant',
  dependsOn: ['tenant-migrations'],
  inspect: async (context, progress) => {
    const { guest } = context.config.tenants;
    if (guest === false) return { kind: 'skipped', reason: 'tenants.guest is false in the configuration' };
    const state = await inspectTenant(context, progress, { step: 'guest-tenant', config: guest, schema: guest.schema });
    if (state.kind !== 'needed' || guest.outsideDevelopment) return state;
    const development = await context.development(progress);
    return development.yes ? state : { kind: 'skipped', reason: `only made in development: ${development.reason}` };
  },
  apply: async (context, progress) => {
    const { guest } = context.config.tenants;
    if (guest === false) return { summary: 'switched off', changed: false };
    return applyTenant(context, progress, { step: 'guest-tenant', config: guest, schema: guest.schema });
  },
};
