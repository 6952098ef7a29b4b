import type { Progress, State, Step } from '../core/step.ts';
import type { SetupContext } from './context.ts';
import type { TenantWish } from './ensure-tenant.ts';
import { applyTenant, inspectTenant, isVisiblyMissing } from './tenant-step.ts';

/** The public tenant (and its domain), without which django-tenants answers no request on the main host. */
export const superTenant: Step<SetupContext> = {
  id: 'super-tenant',
  title: 'Super tenant',
  dependsOn: ['shared-migrations'],
  inspect: async (context, progress) => {
    const wanted = await wish(context, progress);
    const state = await inspectTenant(context, progress, wanted);
    warnOfDomain(context, progress, wanted, state);
    return state;
  },
  apply: async (context, progress) => applyTenant(context, progress, await wish(context, progress)),
};

/** Whether a run that does not create it can tell that it is still to be created. */
export const isSuperTenantMissing = async (context: SetupContext, progress: Progress): Promise<boolean> =>
  isVisiblyMissing(context, progress, await wish(context, progress));

const LOCAL = 'localhost';

/** On a machine of one's own `localhost` is right; in a pipeline it is a setting that nobody has made. */
const warnOfDomain = (context: SetupContext, progress: Progress, { config }: TenantWish, state: State): void => {
  const { pipeline } = context;
  if (pipeline === null || state.kind !== 'needed' || config.domain !== LOCAL) return;
  if (!state.actions.some((action) => action.endsWith(` ${LOCAL}`)) || context.markDone('warned of the domain')) return;
  const name = JSON.stringify(pipeline.settings.environment ?? 'NAME');
  progress.warn(
    `the public tenant gets the domain ${LOCAL}: set "environments": { ${name}: { "superTenantDomain": "…" } } in the configuration`,
  );
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
