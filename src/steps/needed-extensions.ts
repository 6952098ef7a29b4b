import type { Progress, State } from '../core/step.ts';
import type { Description, NeededExtension } from '../django/protocol.ts';
import { extensionStatement, findMissingExtensions, type MissingExtension } from '../postgres/missing-extensions.ts';
import { parseStartOptions, superuserHint } from '../postgres/named-objects.ts';
import type { DatabaseTarget } from '../postgres/target.ts';
import type { SetupContext, Verdict } from './context.ts';

interface Lack extends MissingExtension, NeededExtension {}

export interface LackingExtensions {
  readonly extensions: readonly Lack[];
  /** Where every connection of Django finds them; null: the first schema of the role's own search path. */
  readonly schema: string | null;
  readonly hasTenants: boolean;
}

/** The extensions that pending migrations need, that none creates, and that the database does not have. null: none. */
export const lackingExtensions = async (
  context: SetupContext,
  target: DatabaseTarget,
  progress: Progress,
): Promise<LackingExtensions | null> => {
  // Where Django cannot inspect the schemas, the step that migrates reports it.
  const wanted = await context.inspection(progress).then(
    ({ extensions }) => extensions,
    (): readonly NeededExtension[] => [],
  );
  if (wanted.length === 0) return null;
  const { description } = await context.django(progress);
  const searchPath = searchPathOf(description);
  const names = wanted.map(({ name }) => name);
  const missing = await findMissingExtensions(target, names, searchPath, { signal: context.signal });
  if (missing.length === 0) return null;
  const hasTenants = description.tenancy.mode === 'schemas';
  const step = stepBetween(context, hasTenants);
  // A schema of their own, where the settings name one for what all tenants share (django-tenants' documentation of PG_EXTRA_SEARCH_PATHS).
  const schema = (hasTenants ? searchPath[1] : undefined) ?? searchPath[0] ?? null;
  const lacks = missing.flatMap((lack) => {
    const need = wanted.find(({ name }) => name === lack.name);
    return need === undefined ? [] : [{ ...need, ...lack, mayBeCreatedBy: need.mayBeCreatedBy ?? step }];
  });
  return { extensions: lacks, schema, hasTenants };
};

/** A step of the project that runs before all migrations have run. */
const stepBetween = ({ config }: Pick<SetupContext, 'config'>, hasTenants: boolean): string | null => {
  const early = new Set(['backend-dependencies', 'frontend-dependencies', 'database']);
  if (hasTenants) for (const id of ['shared-migrations', 'super-tenant']) early.add(id);
  for (const { id, after } of config.steps) if (early.has(after)) early.add(id);
  const step = config.steps.find(({ id }) => early.has(id));
  return step === undefined ? null : `the step ${step.id} of the configuration`;
};

const searchPathOf = ({ database, tenancy }: Pick<Description, 'database' | 'tenancy'>): readonly string[] =>
  tenancy.mode === 'schemas'
    ? [tenancy.publicSchema, ...tenancy.extraSearchPaths]
    : parseStartOptions(database.options['options'] ?? '').searchPath;

/** `CREATE EXTENSION …`, of those that this role can create. */
export const extensionStatements = ({ extensions, schema }: LackingExtensions): readonly string[] =>
  statementsFor(extensions.filter(isCreatable), schema);

const statementsFor = (extensions: readonly Lack[], schema: string | null): readonly string[] =>
  extensions
    .filter((lack) => lack.isAvailable && lack.schema === null)
    .map(({ name }) => extensionStatement(name, schema));

const isCreatable = ({ isAvailable, mayCreate, schema }: Lack): boolean => isAvailable && mayCreate && schema === null;

export type LackVerdict =
  | { readonly kind: 'state'; readonly state: State }
  /** Something of the project may create what is missing: the run continues. */
  | { readonly kind: 'warning'; readonly text: string };

/** What becomes of missing extensions: devsetup creates them, or is certain that migrations will fail, or cannot know that. Pure. */
export const judgeLacking = (target: DatabaseTarget, lacking: LackingExtensions, may: Verdict): LackVerdict => {
  const left = lacking.extensions.filter((lack) => !may.yes || !isCreatable(lack));
  const certain = left.filter(({ mayBeCreatedBy }) => mayBeCreatedBy === null);
  if (certain.length > 0) {
    const { reason, hint } = describeLack(target, { ...lacking, extensions: certain }, may);
    return { kind: 'state', state: { kind: 'blocked', code: 'DATABASE_OBJECT_MISSING', reason, hint } };
  }
  const actions = may.yes ? extensionStatements(lacking) : [];
  if (actions.length > 0) {
    const names = lacking.extensions.filter(isCreatable).map(({ name }) => name);
    const reason = `missing, though migrations need it and none creates it: ${extensionNames(names)}`;
    return { kind: 'state', state: { kind: 'needed', reason, actions } };
  }
  const { reason, hint } = describeLack(target, { ...lacking, extensions: left }, may);
  const creator = left[0]?.mayBeCreatedBy ?? '';
  return {
    kind: 'warning',
    text: `${reason} The run continues, because ${creator} may change that. If the migration fails: ${hint}`,
  };
};

const extensionNames = (names: readonly string[]): string =>
  `${names.length === 1 ? 'extension' : 'extensions'} ${names.join(', ')}`;

interface Words {
  readonly reason: string;
  readonly hint: string;
}

const describeLack = (target: DatabaseTarget, lacking: LackingExtensions, may: Verdict): Words => {
  const { extensions, schema, hasTenants } = lacking;
  const elsewhere = extensions.find((lack) => lack.schema !== null);
  if (elsewhere !== undefined) return unreachable(elsewhere, hasTenants);
  const unavailable = extensions.find(({ isAvailable }) => !isAvailable);
  if (unavailable !== undefined)
    return {
      reason: `Migration ${unavailable.migration} needs the extension ${unavailable.name}, and the server does not have it.`,
      hint: `Install the package that contains ${unavailable.name} where the server runs, or use a server image that has it; pg_available_extensions then lists it.`,
    };
  const names = extensions.map(({ name }) => name);
  const it = names.length === 1 ? 'it' : 'them';
  const why = may.yes ? `role ${target.user} may not create ${it}` : may.reason;
  return {
    reason: `Migration ${extensions[0]?.migration} needs the ${extensionNames(names)}, and no migration creates ${it}. devsetup does not create ${it}: ${why}.`,
    hint: superuserHint(target, statementsFor(extensions, schema)),
  };
};

const unreachable = ({ name, migration, schema }: Lack, hasTenants: boolean): Words => ({
  reason: `Migration ${migration} needs the extension ${name}, which is installed in schema ${schema}, and Django's connections do not search that schema.`,
  hint: hasTenants
    ? `Add the schema to the settings: PG_EXTRA_SEARCH_PATHS = [${JSON.stringify(schema)}]`
    : `Add the schema to the search path in OPTIONS of the settings: "options": "-c search_path=public,${schema}"`,
});
