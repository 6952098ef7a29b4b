import { isDevsetupError } from '../core/errors.ts';
import type { Progress, State, Step } from '../core/step.ts';
import type { SetupContext } from './context.ts';
import { CHECK, ensureTenant, ownCommand, type TenantWish } from './ensure-tenant.ts';
import { FIELDS_MISSING } from './tenant-problem.ts';
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

/** What the configuration lacks for the tenants, also before there is a schema to create them in; null: nothing. */
export const lackingFields = async (context: SetupContext, progress: Progress): Promise<string | null> => {
  const { description } = await context.django(progress);
  const wanted = await wish(context, progress);
  const isOwn = description.tenancy.mode === 'schemas' && ownCommand(wanted, description) === undefined;
  if (!isOwn || context.pipeline !== null) return null;
  try {
    await ensureTenant(context, progress, wanted, description, CHECK);
    return null;
  } catch (error) {
    // Anything else is reported when its turn comes.
    return isDevsetupError(error) && error.code === FIELDS_MISSING ? `${error.message}. ${error.hint ?? ''}` : null;
  }
};

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
