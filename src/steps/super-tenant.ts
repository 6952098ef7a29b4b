import type { Progress, Step } from '../core/step.ts';
import type { SetupContext } from './context.ts';
import { applyTenant, inspectTenant, type TenantWish } from './tenant-step.ts';

/** The public tenant (and its domain), without which django-tenants answers no request on the main host. */
export const superTenant: Step<SetupContext> = {
  id: 'super-tenant',
  title: 'Super tenant',
  dependsOn: ['shared-migrations'],
  inspect: async (context, progress) => inspectTenant(context, progress, await wish(context, progress)),
  apply: async (context, progress) => applyTenant(context, progress, await wish(context, progress)),
};

const wish = async (context: SetupContext, progress: Progress): Promise<TenantWish> => {
  const config = context.config.tenants.super;
  const { tenancy } = (await context.django(progress)).description;
  return {
    step: 'super-tenant',
    config,
    schema: config.schema ?? (tenancy.mode === 'schemas' ? tenancy.publicSchema : null),
  };
};
