import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import type { Progress, State, Step } from '../core/step.ts';
import type { Description } from '../django/protocol.ts';
import { createDatabase } from '../postgres/create-database.ts';
import { createObjects, creationStatements, findMissingObjects } from '../postgres/named-objects.ts';
import { createdbCommand } from '../postgres/server-problem.ts';
import {
  describeTarget,
  isSameDatabase,
  libpqSystem,
  parseDatabaseUrl,
  type DatabaseTarget,
} from '../postgres/target.ts';
import { envRemedy } from '../project/env-remedy.ts';
import { sqliteFolderAdvice } from '../project/missing-folder.ts';
import { embeddedTarget, sharedWith, sqliteInstead } from './embedded-database.ts';
import { databaseProblem } from './guard-databases.ts';
import { hostProblem } from './host-problem.ts';
import { extensionStatements, judgeLacking, lackingExtensions } from './needed-extensions.ts';
import { missingObjectsState, namedObjects } from './named-objects.ts';
import type { SetupContext } from './context.ts';
import { forgetting } from './forgetting.ts';

/**
 * The database answers, lets us in, and exists. With a URL in the environment the wait begins at once, beside the
 * installation of dependencies; what counts in the end is the database that Django's own settings name.
 */
export const database: Step<SetupContext> = {
  id: 'database',
  title: 'Database',
  dependsOn: ['backend-dependencies'],

  begin: async (context, progress) => {
    // It runs already, or is not used.
    if (embeddedTarget(context) !== null) return;
    const url = context.environment.get(context.config.database.urlVariable);
    if (url === undefined || url === '') return;
    const { directory } = context.project.backend;
    const system = libpqSystem(context.environment.asRecord(), directory);
    const target = parsedUrl(url, context.config.database.urlVariable, system);
    if (target?.kind !== 'postgresql') return;
    // Not awaited, and no failure of it counts: settings that use another database are right. Those that use this one share
    // the wait, and what it came to.
    void look(context, target.target, progress).catch(() => undefined);
  },

  inspect: async (context, progress) => {
    const { description } = await context.django(progress);
    const { alias, vendor, engine } = description.database;
    const problem = await databaseProblem(context, progress);
    if (problem !== null) throw problem;
    if (vendor === 'sqlite') {
      if (embeddedTarget(context) !== null && !context.markDone('said that SQLite needs no server'))
        progress.warn(await sqliteInstead(context, description));
      return sqliteState(context, description.database.name);
    }
    if (engine === '') return unknownAlias(alias);
    if (engine === NO_ENGINE) {
      return unset(context, 'DATABASE_NOT_CONFIGURED', 'The settings configure no database', description);
    }
    if (vendor !== 'postgresql') return unsupported(engine, alias);

    const target = await context.target(progress);
    const { name, options } = description.database;
    if ((name ?? '') === '' && options['dbname'] === undefined && options['service'] === undefined) {
      return unset(context, 'DATABASE_NAME_MISSING', 'The settings give the database no name', description);
    }
    const elsewhere = await rowsElsewhere(context, description, progress);
    if (elsewhere !== null) return elsewhere;
    const shared = sharedWith(context, target);
    if (shared !== null && !context.markDone('said that two projects share a database')) progress.warn(shared);
    const state = await look(context, target, progress);
    if (state.kind !== 'needed') {
      const named = namedObjects(description);
      const lacking = await findMissingObjects(target, named, { signal: context.signal });
      const created = lacking === null ? null : await mayCreate(context, target, progress);
      const lack = lacking === null || created === null ? null : missingObjectsState(target, lacking, named, created);
      return lack ?? (await extensionsState(context, target, progress)) ?? state;
    }
    const may = await mayCreate(context, target, progress);
    return may.yes ? state : missing(target, may.reason, context.pipeline === null);
  },

  apply: async (context, progress) => {
    const target = await context.target(progress);
    const isNew = (await look(context, target, progress)).kind === 'needed';
    if (isNew) {
      progress.update(`creating database ${target.database}`);
      await forgetting(
        context,
        createDatabase(target, { maintenanceDatabase: context.config.database.maintenanceDatabase }),
      );
    }
    const named = namedObjects((await context.django(progress)).description);
    const lacking = await findMissingObjects(target, named, { signal: context.signal });
    const statements = lacking === null ? [] : [...creationStatements(target, lacking, named.role)];
    if (lacking?.mayCreate === true) await forgetting(context, createObjects(target, statements));
    const extensions = await lackingExtensions(context, target, progress);
    const more = extensions === null ? [] : extensionStatements(extensions);
    if (more.length > 0) await forgetting(context, createObjects(target, more));
    statements.push(...more);
    const database = describeTarget(target);
    return { summary: isNew ? `created database ${database}` : `completed database ${database}`, details: statements };
  },
};

/** undefined: devsetup does not connect that way, which is refused where the settings use this URL. */
const parsedUrl = (...of: Parameters<typeof parseDatabaseUrl>): ReturnType<typeof parseDatabaseUrl> | undefined => {
  try {
    return parseDatabaseUrl(...of);
  } catch (error) {
    if (isDevsetupError(error) && error.code !== 'DATABASE_URL_INVALID') return undefined;
    throw error;
  }
};

const extensionsState = async (
  context: SetupContext,
  target: DatabaseTarget,
  progress: Progress,
): Promise<State | null> => {
  const lacking = await lackingExtensions(context, target, progress);
  if (lacking === null) return null;
  const verdict = judgeLacking(target, lacking, await mayCreate(context, target, progress));
  if (verdict.kind === 'state') return verdict.state;
  if (!context.markDone('warned of missing extensions')) progress.warn(verdict.text);
  return null;
};

/** Waits for the server; a database that is missing is a need and not a failure. */
const look = async (context: SetupContext, target: DatabaseTarget, progress: Progress): Promise<State> => {
  const refused = hostProblem(target, {
    services: await context.composeServices(),
    allowRemote: context.options.allowRemote || context.config.database.allowRemote,
  });
  if (refused !== undefined) throw refused;
  try {
    const { serverVersion } = await context.reachable(target, progress);
    return { kind: 'satisfied', evidence: `PostgreSQL ${serverVersion} at ${describeTarget(target)}` };
  } catch (error) {
    if (!isDevsetupError(error) || error.code !== 'DATABASE_MISSING') throw error;
    const name = describeTarget(target);
    return {
      kind: 'needed',
      reason: `there is no database ${name}`,
      actions: [`CREATE DATABASE ${target.database} on ${name}`],
    };
  }
};

const mayCreate = async (
  context: SetupContext,
  target: DatabaseTarget,
  progress: Progress,
): ReturnType<SetupContext['development']> => {
  const { create } = context.config.database;
  if (context.pipeline !== null) return { yes: false, reason: 'devsetup migrate creates no database' };
  if (create === 'auto' && embeddedTarget(context) !== null)
    return { yes: true, reason: 'it is the embedded database' };
  if (create === true) return { yes: true, reason: 'database.create is true' };
  if (create === false) return { yes: false, reason: 'database.create is false' };
  const development = await context.development(progress);
  return development.yes
    ? development
    : { yes: false, reason: `${describeTarget(target)} is not for development: ${development.reason}` };
};

/** What Django puts where DATABASES['default'] is empty, as readers of a URL leave it when the variable is not set. */
const NO_ENGINE = 'django.db.backends.dummy';

/** Settings that read an unset variable may get None, and Django then connects to the maintenance database, or to none. */
const unset = async (
  context: SetupContext,
  code: string,
  what: string,
  { database, unsetVariables }: Description,
): Promise<State> => {
  const names = unsetVariables.filter((variable) => /DB|DATABASE|POSTGRES|PG/i.test(variable));
  if (names.length === 0) {
    return { kind: 'blocked', code, reason: `${what}.`, hint: `Set DATABASES['${database.alias}'] in the settings.` };
  }
  const hint = await envRemedy(context.project, names, context.config.envFiles);
  return { kind: 'blocked', code, reason: `${what} (not set: ${names.join(', ')}).`, hint };
};

/** A name that is a URI or a database in memory is left to Django. */
const sqliteState = async ({ project }: SetupContext, name: string | null): Promise<State> => {
  const isFile = name !== null && name !== '' && !/^(?:file:|:memory:)/.test(name);
  const advice = isFile ? await sqliteFolderAdvice(project, name) : undefined;
  return advice === undefined
    ? { kind: 'satisfied', evidence: 'SQLite: nothing to wait for' }
    : { kind: 'blocked', code: 'DATABASE_NOT_CONFIGURED', reason: advice.message, hint: advice.hint };
};

const unknownAlias = (alias: string): State => ({
  kind: 'blocked',
  code: 'DATABASE_NOT_CONFIGURED',
  reason: `TENANT_DB_ALIAS is "${alias}", and DATABASES has no such entry.`,
  hint: `Add DATABASES['${alias}'] to the settings, or set TENANT_DB_ALIAS to one of its keys.`,
});

/** django-tenants commits on `default` after each schema and saves domains in a transaction on it: `manage.py migrate_schemas` fails, too. */
const withoutDefault = (library: string, alias: string): State => ({
  kind: 'blocked',
  code: 'DATABASE_NOT_CONFIGURED',
  reason: `${library} opens transactions on DATABASES['default'], which has no ENGINE.`,
  hint: `In the settings: DATABASES['default'] = DATABASES['${alias}'].`,
});

/** django-tenants migrates one database and would look for the tenants in another one, which has no table for them. */
const rowsElsewhere = async (
  context: SetupContext,
  { tenancy, database: { alias } }: Description,
  progress: Progress,
): Promise<State | null> => {
  if (tenancy.mode !== 'schemas') return null;
  if (!tenancy.hasDefault) return withoutDefault(tenancy.library, alias);
  if (tenancy.rowsAlias === alias) return null;
  const places = await context.databases(progress);
  const [here, there] = [alias, tenancy.rowsAlias].map((name) => places.find((place) => place.alias === name)?.target);
  if (here !== undefined && there !== undefined && isSameDatabase(here, there)) return null;
  return {
    kind: 'blocked',
    code: 'TENANT_ROWS_ELSEWHERE',
    reason: `django-tenants migrates DATABASES['${alias}'], but the routers read and write ${tenancy.tenantModel} in DATABASES['${tenancy.rowsAlias}'].`,
    hint: `Add a router to DATABASE_ROUTERS whose db_for_read and db_for_write answer "${alias}" for the shared and tenant apps, or set TENANT_DB_ALIAS to "${tenancy.rowsAlias}".`,
  };
};

const missing = (target: DatabaseTarget, reason: string, mayBeCreated: boolean): State => ({
  kind: 'blocked',
  code: 'DATABASE_MISSING',
  reason: `There is no database ${describeTarget(target)}, and it is not created: ${reason}.`,
  hint: `Create it (\`${createdbCommand(target)}\`)${mayBeCreated ? ', correct the name, or set "database": { "create": true }' : ' or correct the name.'}`,
});

const unsupported = (engine: string, alias: string): State => {
  throw new DevsetupError({
    code: 'ENGINE_UNSUPPORTED',
    message: `The settings use the database engine ${engine}; devsetup sets up PostgreSQL (and passes SQLite by).`,
    hint: `Change DATABASES['${alias}']['ENGINE'], or let devsetup install only: --only backend-dependencies,frontend-dependencies.`,
  });
};
