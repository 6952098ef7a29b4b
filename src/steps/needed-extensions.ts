import type { Progress, State } from '../core/step.ts';
import type { Description, NeededExtension } from '../django/protocol.ts';
import { extensionStatement, findMissingExtensions, type MissingExtension } from '../postgres/missing-extensions.ts';
import { parseStartOptions, superuserHint } from '../postgres/named-objects.ts';
import type { DatabaseTarget } from '../postgres/target.ts';
import type { SetupContext, Verdict } from './context.ts';

interface Lack extends MissingExtension {
  readonly migration: string;
}

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
    () => [],
  );
  if (wanted.length === 0) return null;
  const { description } = await context.django(progress);
  const searchPath = searchPathOf(description);
  const names = wanted.map(({ name }) => name);
  const missing = await findMissingExtensions(target, names, searchPath, { signal: context.signal });
  if (missing.length === 0) return null;
  const hasTenants = description.tenancy.mode === 'schemas';
  // A schema of their own, where the settings name one for what all tenants share (django-tenants' documentation of PG_EXTRA_SEARCH_PATHS).
  const schema = (hasTenants ? searchPath[1] : undefined) ?? searchPath[0] ?? null;
  return {
    extensions: missing.map((lack) => ({ ...lack, migration: migrationOf(lack.name, wanted) })),
    schema,
    hasTenants,
  };
};

const migrationOf = (name: string, wanted: readonly NeededExtension[]): string =>
  wanted.find((extension) => extension.name === name)?.migration ?? '';

const searchPathOf = ({ database, tenancy }: Pick<Description, 'database' | 'tenancy'>): readonly string[] =>
  tenancy.mode === 'schemas'
    ? [tenancy.publicSchema, ...tenancy.extraSearchPaths]
    : parseStartOptions(database.options['options'] ?? '').searchPath;

/** `CREATE EXTENSION …`, of those that can be created. */
export const extensionStatements = ({ extensions, schema }: LackingExtensions): readonly string[] =>
  extensions
    .filter((lack) => lack.isAvailable && lack.schema === null)
    .map(({ name }) => extensionStatement(name, schema));

export const isCreatable = ({ extensions }: LackingExtensions): boolean =>
  extensions.every(({ isAvailable, mayCreate, schema }) => isAvailable && mayCreate && schema === null);

export const lackingExtensionsState = (target: DatabaseTarget, lacking: LackingExtensions, may: Verdict): State => {
  const { extensions } = lacking;
  const names = extensions.map(({ name }) => name).join(', ');
  const what = `${extensions.length === 1 ? 'extension' : 'extensions'} ${names}`;
  if (may.yes && isCreatable(lacking))
    return {
      kind: 'needed',
      reason: `missing, though migrations need it and none creates it: ${what}`,
      actions: extensionStatements(lacking),
    };
  const elsewhere = extensions.find(({ schema }) => schema !== null);
  if (elsewhere !== undefined) return unreachable(elsewhere, lacking.hasTenants);
  const unavailable = extensions.find(({ isAvailable }) => !isAvailable);
  const needs = `Migration ${extensions[0]?.migration} needs the ${what}, and no migration creates ${extensions.length === 1 ? 'it' : 'them'}.`;
  if (unavailable !== undefined)
    return {
      kind: 'blocked',
      code: 'DATABASE_OBJECT_MISSING',
      reason: `Migration ${unavailable.migration} needs the extension ${unavailable.name}, and the server does not have it.`,
      hint: `Install the package that contains ${unavailable.name} where the server runs, or use a server image that has it; pg_available_extensions then lists it.`,
    };
  const why = may.yes ? `role ${target.user} may not create it` : may.reason;
  return {
    kind: 'blocked',
    code: 'DATABASE_OBJECT_MISSING',
    reason: `${needs} It is not created: ${why}.`,
    hint: superuserHint(target, extensionStatements(lacking)),
  };
};

const unreachable = ({ name, migration, schema }: Lack, hasTenants: boolean): State => ({
  kind: 'blocked',
  code: 'DATABASE_OBJECT_MISSING',
  reason: `Migration ${migration} needs the extension ${name}, which is installed in schema ${schema}, and Django's connections do not search that schema.`,
  hint: hasTenants
    ? `Add the schema to the settings: PG_EXTRA_SEARCH_PATHS = [${JSON.stringify(schema)}]`
    : `Add the schema to the search path in OPTIONS of the settings: "options": "-c search_path=public,${schema}"`,
});
