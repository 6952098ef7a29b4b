import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import type { Progress, State, Step } from '../core/step.ts';
import type { DatabaseSettings } from '../django/protocol.ts';
import { judgeSettings } from '../pipeline/judge-database.ts';
import { refuseDatabase } from '../pipeline/refuse-database.ts';
import { createDatabase } from '../postgres/create-database.ts';
import { describeTarget, parseDatabaseUrl, type DatabaseTarget } from '../postgres/target.ts';
import { envRemedy } from '../project/env-remedy.ts';
import { besideEmbedded, embeddedTarget } from './embedded-database.ts';
import { hostProblem } from './host-problem.ts';
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
    const url = context.environment.get(context.config.database.urlVariable);
    if (url === undefined || url === '') return;
    const target = parseDatabaseUrl(url, context.config.database.urlVariable);
    if (target.kind !== 'postgresql') return;
    // Not awaited, and no failure of it counts: settings that use another database are right. Those that use this one share
    // the wait, and what it came to.
    void look(context, target.target, progress).catch(() => undefined);
  },

  inspect: async (context, progress) => {
    const { description } = await context.django(progress);
    const { vendor, engine } = description.database;
    const astray = await besideEmbedded(context, progress);
    if (astray !== null) return astray;
    if (vendor === 'sqlite') return { kind: 'satisfied', evidence: 'SQLite: nothing to wait for' };
    if (engine === NO_ENGINE) {
      return unset(
        context,
        'DATABASE_NOT_CONFIGURED',
        'The settings configure no database',
        description.unsetVariables,
      );
    }
    if (vendor !== 'postgresql') return unsupported(engine);

    const refused = refusal(context, description.database);
    if (refused !== null) throw refused;
    const target = await context.target(progress);
    const { name, options } = description.database;
    if ((name ?? '') === '' && options['dbname'] === undefined) {
      return unset(
        context,
        'DATABASE_NAME_MISSING',
        'The settings give the database no name',
        description.unsetVariables,
      );
    }
    const state = await look(context, target, progress);
    if (state.kind !== 'needed') return state;
    const may = await mayCreate(context, target, progress);
    return may.yes ? state : missing(target, may.reason, context.pipeline === null);
  },

  apply: async (context, progress) => {
    const target = await context.target(progress);
    progress.update(`creating database ${target.database}`);
    await forgetting(
      context,
      createDatabase(target, { maintenanceDatabase: context.config.database.maintenanceDatabase }),
    );
    return { summary: `created database ${describeTarget(target)}` };
  },
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
  unsetVariables: readonly string[],
): Promise<State> => {
  const names = unsetVariables.filter((variable) => /DB|DATABASE|POSTGRES|PG/i.test(variable));
  if (names.length === 0) {
    return { kind: 'blocked', code, reason: `${what}.`, hint: "Set DATABASES['default'] in the settings." };
  }
  const hint = await envRemedy(context.project, names);
  return { kind: 'blocked', code, reason: `${what} (not set: ${names.join(', ')}).`, hint };
};

/** What a pipeline's settings ended up with can be nobody's database: see pipeline/judge-database. */
const refusal = (context: SetupContext, settings: DatabaseSettings): DevsetupError | null => {
  if (context.pipeline === null) return null;
  const faults = judgeSettings(settings, context.environment.asRecord());
  return faults.length === 0 ? null : refuseDatabase(faults, context.pipeline.settings);
};

const missing = (target: DatabaseTarget, reason: string, mayBeCreated: boolean): State => ({
  kind: 'blocked',
  code: 'DATABASE_MISSING',
  reason: `There is no database ${describeTarget(target)}, and it is not created: ${reason}.`,
  hint: `Create it (createdb ${target.database})${mayBeCreated ? ', correct the name, or set "database": { "create": true }' : ' or correct the name.'}`,
});

const unsupported = (engine: string): State => {
  throw new DevsetupError({
    code: 'ENGINE_UNSUPPORTED',
    message: `The settings use the database engine ${engine}; devsetup sets up PostgreSQL (and passes SQLite by).`,
    hint: "Change DATABASES['default']['ENGINE'], or let devsetup install only: --only backend-dependencies,frontend-dependencies.",
  });
};
