import type { TenantConfig } from '../config/config.ts';
import { isDevsetupError } from '../core/errors.ts';
import type { Progress } from '../core/step.ts';
import type { EnsureTenantParams } from '../django/companion-client.ts';
import type { Description, EnsureTenantResult, ProgressData } from '../django/protocol.ts';
import type { SetupContext } from './context.ts';
import { forgetting } from './forgetting.ts';
import { watchingSession } from './lock-failure.ts';
import { mayLackSchema } from './schema-rules.ts';
import type { Lacking, WhichTenant } from './tenant-fields.ts';
import { FIELDS_MISSING, tenantProblem } from './tenant-problem.ts';

/** One of the two tenants devsetup makes. */
export interface TenantWish {
  readonly step: 'super-tenant' | 'guest-tenant';
  readonly config: TenantConfig;
  /** The schema it should have; null where only the project's own command knows. */
  readonly schema: string | null;
}

/** `check` changes nothing; `offline` asks no database either. */
type Way = Pick<EnsureTenantParams, 'check' | 'offline'>;
export const CREATE: Way = { check: false };
export const CHECK: Way = { check: true };
export const OFFLINE: Way = { check: true, offline: true };

/** Through the project's tenant model, or a check of that. @throws DevsetupError with what to configure */
export const ensureTenant = async (
  context: SetupContext,
  progress: Progress,
  wish: TenantWish,
  description: Description,
  way: Way,
  onProgress: (event: ProgressData) => void = () => undefined,
): Promise<EnsureTenantResult> => {
  const { config, pipeline } = context;
  const { check } = way;
  const django = await context.django(progress);
  const tenant = tenantParameters(wish, description);
  const withoutSchema = mayLackSchema(config, tenant.schema);
  const parameters = { ...tenant, withoutSchema, ...way, ...(check ? {} : context.workerLocks) };
  try {
    const ensure = (): Promise<EnsureTenantResult> =>
      django.ensureTenant(parameters, { onProgress, onOutput: (text) => progress.output(text) });
    if (way.offline) return await ensure();
    return await (check ? watchingSession(context, progress, ensure) : forgetting(context, ensure()));
  } catch (error) {
    const which: WhichTenant = wish.step === 'super-tenant' ? 'super' : 'guest';
    const guest = which === 'super' ? await wishedGuest(context, progress, description) : null;
    const place = {
      which,
      commands: description.commands,
      configFile: config.file,
      pipeline,
      schema: tenant.schema,
      createsGuest: guest !== null,
    };
    const isLacking = isDevsetupError(error) && error.code === FIELDS_MISSING && guest !== null;
    throw tenantProblem(
      error,
      place,
      isLacking ? await lackingOfGuest(context, progress, description, guest, way) : [],
    );
  }
};

/** The guest tenant, if this run is to create it through its model. */
const wishedGuest = async (
  context: SetupContext,
  progress: Progress,
  description: Description,
): Promise<TenantWish | null> => {
  const wish = guestWish(context);
  if (wish === null || context.pipeline !== null || ownCommand(wish, description) !== undefined) return null;
  const { guest } = context.config.tenants;
  return guest !== false && !guest.outsideDevelopment && !(await context.development(progress)).yes ? null : wish;
};

/** What the guest tenant lacks: reported with what the super tenant lacks. */
const lackingOfGuest = async (
  context: SetupContext,
  progress: Progress,
  description: Description,
  wish: TenantWish,
  way: Way,
): Promise<readonly Lacking[]> => {
  const django = await context.django(progress);
  try {
    await django.ensureTenant({ ...tenantParameters(wish, description), ...way, check: true });
    return [];
  } catch (error) {
    // Anything else is reported when its turn comes.
    return isDevsetupError(error) && error.code === FIELDS_MISSING ? [{ which: 'guest', error }] : [];
  }
};

/** null: the configuration wants none. */
export const guestWish = ({ config }: SetupContext): TenantWish | null => {
  const { guest } = config.tenants;
  return guest === false ? null : { step: 'guest-tenant', config: guest, schema: guest.schema };
};

/** Undefined: devsetup creates the tenant itself. */
export const ownCommand = (wish: TenantWish, description: Description): string | undefined =>
  wish.config.command !== false && wish.config.command in description.commands ? wish.config.command : undefined;

const tenantParameters = (wish: TenantWish, description: Description) => ({
  schema: wish.schema ?? (description.tenancy.mode === 'schemas' ? description.tenancy.publicSchema : 'public'),
  name: wish.config.name,
  domain: wish.config.domain,
  fields: wish.config.fields,
  tenantType: wish.config.type,
});
