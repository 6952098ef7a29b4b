import { shellWord } from '../core/shell-word.ts';
import type { Applied, Progress, State } from '../core/step.ts';
import type { Description, EnsureTenantResult, Inspection, ProgressData } from '../django/protocol.ts';
import { isOutdated } from '../fleet/plan-fleet.ts';
import { commandFailure } from './command-failure.ts';
import { recallCommand, rememberCommand, rememberedTenants, type CommandMemory } from './command-memory.ts';
import type { SetupContext } from './context.ts';
import { CHECK, CREATE, ensureTenant, OFFLINE, ownCommand, type TenantWish } from './ensure-tenant.ts';
import { forgetting } from './forgetting.ts';
import { givingWay } from './giving-way.ts';
import { watchingLocks } from './lock-failure.ts';
import { migrateFleet } from './migrate-fleet.ts';
import { runManage } from './run-manage.ts';
import { manageCommand } from './manage-command.ts';
import { mayLackSchema } from './schema-rules.ts';
import { showMigration } from './show-migration.ts';

/** The state of a tenant, read from the database: its row, its domain, its schema. */
export const inspectTenant = async (context: SetupContext, progress: Progress, wish: TenantWish): Promise<State> => {
  const { description } = await context.django(progress);
  const command = ownCommand(wish, description);
  const { tenancy } = description;
  // Without a database, what the configuration lacks is known all the same.
  const inspection = await context.inspection(progress).catch(async (error: unknown) => {
    if (tenancy.mode === 'schemas' && command === undefined)
      await ensureTenant(context, progress, wish, description, OFFLINE);
    throw error;
  });
  if (tenancy.mode === 'shared' && command === undefined) {
    return {
      kind: 'not-applicable',
      reason: `no tenant schemas (${tenancy.reason}), and no command ${wish.config.command || 'configured'}`,
    };
  }
  const found = findTenant(context, wish.schema, description, inspection);
  const memory = recallCommand(context, wish.step, command, inspection);
  const unfinished = memory?.finished === false;
  if (found !== undefined && found.complete && !unfinished) {
    const domains = found.domains.length > 0 ? `, ${found.domains.join(', ')}` : '';
    return { kind: 'satisfied', evidence: `tenant ${found.schema} exists${domains}` };
  }
  const isAsLeft = found === undefined || memory?.incomplete === true;
  if (memory !== undefined && !unfinished && isAsLeft && isLeft(memory, wish, inspection)) {
    const names =
      memory.tenants.length > 0
        ? `tenant ${memory.tenants.join(', ')} exists`
        : `${command} has run and added no tenant`;
    return { kind: 'satisfied', evidence: names };
  }
  const reason = describeNeed(wish, found, unfinished ? command : undefined);
  if (command !== undefined) {
    return {
      kind: 'needed',
      reason,
      actions: [`python manage.py ${[command, ...wish.config.args].map(shellWord).join(' ')}`],
    };
  }
  const check = await ensureTenant(context, progress, wish, description, CHECK);
  return { kind: 'needed', reason, actions: check.actions.map((action) => `create ${action}`) };
};

/** Makes the tenant: by the project's own command if it has one, otherwise through its tenant model. */
export const applyTenant = async (context: SetupContext, progress: Progress, wish: TenantWish): Promise<Applied> => {
  if (await context.lock(progress)) {
    context.forget();
    const state = await inspectTenant(context, progress, wish);
    if (state.kind !== 'needed') return { summary: 'another devsetup has done it meanwhile', changed: false };
  }
  const { description } = await context.django(progress);
  const command = ownCommand(wish, description);
  const create = (): Promise<Applied> =>
    command === undefined
      ? createByModel(context, progress, wish, description)
      : createByCommand(context, progress, wish, command);
  const applied = await watchingLocks(context, progress, create);
  // What the super tenant's command registers, the step after it migrates; nothing comes after the guest.
  if (wish.step === 'guest-tenant') await migrateIfBehind(context, progress, wish);
  return applied;
};

const createByModel = async (
  context: SetupContext,
  progress: Progress,
  wish: TenantWish,
  description: Description,
): Promise<Applied> => {
  progress.update(`creating tenant ${wish.schema}`);
  let isAtomic = true;
  const follow = (event: ProgressData): void => {
    showMigration(progress, event);
    if (event.kind === 'migration-started') isAtomic = event.atomic;
    if (event.kind === 'migration') isAtomic = true;
  };
  // A tenant that cannot be created is removed by its model with its schema. What a migration that is not atomic did elsewhere stays.
  const create = (): Promise<EnsureTenantResult> => ensureTenant(context, progress, wish, description, CREATE, follow);
  const result = await givingWay(context, progress, wish.step, create, () => isAtomic);
  return {
    summary: result.actions.length > 0 ? `created ${result.actions.join(', ')}` : 'it was there already',
    data: { created: result.actions },
  };
};

const createByCommand = async (
  context: SetupContext,
  progress: Progress,
  wish: TenantWish,
  command: string,
): Promise<Applied> => {
  const before = await context.inspection(progress);
  const django = await context.django(progress);
  const accepted = (await django.commandOptions([command]))[command]?.options ?? [];
  const quiet = ['--noinput', '--no-input'].find(
    (option) => accepted.includes(option) && !wish.config.args.includes(option),
  );
  const loud = context.options.verbose && accepted.includes('--verbosity') ? ['--verbosity', '2'] : [];
  const args = [...wish.config.args, ...(quiet === undefined ? [] : [quiet]), ...loud];
  progress.update(command);
  const earlier = recallCommand(context, wish.step, command, before)?.tenants ?? [];
  const memory = {
    fingerprint: before.fingerprint ?? '',
    command,
    tenants: earlier,
    finished: false,
    incomplete: false,
  };
  rememberCommand(context, wish.step, memory);
  const migratesNewSchema = wish.step === 'guest-tenant' && django.description.tenancy.mode === 'schemas';
  const result = await forgetting(context, runManage(context, progress, { command, args, migratesNewSchema }));
  const added = result.tenantsAdded;
  const tenants = [...new Set([...earlier, ...added])];
  if (result.exitCode !== 0) {
    rememberCommand(context, wish.step, { ...memory, tenants });
    const failure = { code: 'COMMAND_FAILED', command, result };
    throw commandFailure({ ...failure, hint: await commandHint(context, progress, wish, [command, ...args]) });
  }
  const after = await context.inspection(progress);
  const found = findTenant(context, wish.schema, (await context.django(progress)).description, after);
  rememberCommand(context, wish.step, { ...memory, tenants, finished: true, incomplete: found?.complete === false });
  return { summary: describeChange(command, added, before, after), data: { command, tenantsAdded: added } };
};

/** A command can add the row and leave the schema behind; then the fleet brings it up. */
const migrateIfBehind = async (context: SetupContext, progress: Progress, wish: TenantWish): Promise<void> => {
  const inspection = await context.inspection(progress);
  const names = [wish.schema, ...rememberedTenants(context, wish.step)];
  const behind = (inspection.tenants ?? []).filter(
    (tenant) =>
      names.includes(tenant.schema) &&
      (tenant.schemaExists || !mayLackSchema(context.config, tenant.schema)) &&
      isOutdated(tenant, inspection),
  );
  if (behind.length > 0)
    await migrateFleet(
      context,
      progress,
      behind.map((tenant) => tenant.schema),
    );
};

const describeChange = (command: string, added: readonly string[], before: Inspection, after: Inspection): string => {
  if (added.length > 0) return `${command} created tenant ${added.join(', ')}`;
  const domains = (inspection: Inspection): string =>
    JSON.stringify([inspection.publicTenant?.domains, inspection.tenants?.map((tenant) => tenant.domains)]);
  return domains(before) === domains(after) ? `${command} ran and added no tenant` : `${command} changed the domains`;
};

const describeNeed = (wish: TenantWish, found: FoundTenant | undefined, unfinished: string | undefined): string => {
  if (found === undefined) return `there is no tenant ${wish.schema ?? ''}`.trimEnd();
  return found.complete && unfinished !== undefined ? `${unfinished} did not end well the last time` : found.lacks;
};

/** What to do about a command that failed. Once its tenant is there, one that cannot be repeated need not run again. */
const commandHint = async (
  context: SetupContext,
  progress: Progress,
  wish: TenantWish,
  words: readonly string[],
): Promise<string> => {
  const key = `tenants.${wish.step === 'super-tenant' ? 'super' : 'guest'}`;
  const { description } = await context.django(progress);
  // Where the database cannot be asked, the command's own failure is still the one to tell.
  const inspection = await context.inspection(progress).catch(() => undefined);
  const found = inspection && findTenant(context, wish.schema, description, inspection);
  const byHand = `Run it by hand: \`${manageCommand(words)}\` (further arguments belong in ${key}.args of the configuration)`;
  return found?.complete === true
    ? `${byHand}. Its tenant is there: if nothing else is missing, ${key}.command false goes on without the command.`
    : byHand;
};

interface FoundTenant {
  readonly schema: string;
  readonly domains: readonly string[];
  readonly complete: boolean;
  readonly lacks: string;
}

const findTenant = (
  { config }: SetupContext,
  schema: string | null,
  description: Description,
  inspection: Inspection,
): FoundTenant | undefined => {
  const { tenancy } = description;
  if (tenancy.mode === 'shared' || schema === null) return undefined;
  const isPublic = schema === tenancy.publicSchema;
  const row = isPublic ? inspection.publicTenant : inspection.tenants?.find((tenant) => tenant.schema === schema);
  if (row === undefined || row === null || ('exists' in row && !row.exists)) return undefined;
  const isMissing = !isPublic && 'schemaExists' in row && !row.schemaExists;
  const hasSchema = !isMissing || mayLackSchema(config, schema);
  const hasDomain = tenancy.domainModel === null || row.domains.length > 0;
  const lacks = hasSchema ? `tenant ${schema} has no domain` : `tenant ${schema} has no schema`;
  return { schema, domains: row.domains, complete: hasSchema && hasDomain, lacks };
};

/** What a command that succeeded has left: its tenants, or, where it added none, any that may be the one it found. */
const isLeft = (memory: CommandMemory, wish: TenantWish, inspection: Inspection): boolean => {
  if (memory.tenants.length === 0 && isWithoutTenant(wish, inspection)) return false;
  const there = new Set(inspection.tenants?.map((tenant) => tenant.schema));
  return memory.tenants.every((schema) => there.has(schema));
};

/**
 * Whether another run can tell from the database that this tenant is still to be made. Of what the project's own command leaves, it can
 * tell only that there is nothing at all: only the run that started the command knows what that has added.
 */
export const isVisiblyMissing = async (
  context: SetupContext,
  progress: Progress,
  wish: TenantWish,
): Promise<boolean> => {
  const command = ownCommand(wish, (await context.django(progress)).description);
  return command === undefined || isWithoutTenant(wish, await context.inspection(progress));
};

/** A super tenant may have a schema of any name, made before devsetup was there. */
const isWithoutTenant = ({ step }: TenantWish, { publicTenant, tenants }: Inspection): boolean =>
  tenants?.length === 0 && (step === 'guest-tenant' || publicTenant?.exists === false);
