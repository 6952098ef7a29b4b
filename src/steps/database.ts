import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import type { Progress, State, Step } from '../core/step.ts';
import { createDatabase } from '../postgres/create-database.ts';
import { describeTarget, parseDatabaseUrl, targetFromDjango, type DatabaseTarget } from '../postgres/target.ts';
import { hostProblem } from './host-problem.ts';
import type { SetupContext } from './context.ts';

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
    await look(context, target.target, progress);
  },

  inspect: async (context, progress) => {
    const { description } = await context.django(progress);
    const { vendor, engine } = description.database;
    if (vendor === 'sqlite') return { kind: 'satisfied', evidence: 'SQLite: nothing to wait for' };
    if (vendor !== 'postgresql') return unsupported(engine);

    const target = targetFromDjango(description.database);
    const state = await look(context, target, progress);
    if (state.kind !== 'needed') return state;
    const may = await mayCreate(context, target, progress);
    return may.yes ? state : missing(target, may.reason);
  },

  apply: async (context, progress) => {
    const { description } = await context.django(progress);
    const target = targetFromDjango(description.database);
    progress.update(`creating database ${target.database}`);
    await createDatabase(target, { maintenanceDatabase: context.config.database.maintenanceDatabase });
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
  if (create === true) return { yes: true, reason: 'database.create is true' };
  if (create === false) return { yes: false, reason: 'database.create is false' };
  const development = await context.development(progress);
  return development.yes
    ? development
    : { yes: false, reason: `${describeTarget(target)} is not for development: ${development.reason}` };
};

const missing = (target: DatabaseTarget, reason: string): State => ({
  kind: 'blocked',
  code: 'DATABASE_MISSING',
  reason: `there is no database ${describeTarget(target)}, and it is not created: ${reason}`,
  hint: `create it (createdb ${target.database}), correct the name, or set "database": { "create": true }`,
});

const unsupported = (engine: string): State => {
  throw new DevsetupError({
    code: 'ENGINE_UNSUPPORTED',
    message: `the settings use the database engine ${engine}; devsetup sets up PostgreSQL (and passes SQLite by)`,
    hint: "change DATABASES['default']['ENGINE'], or leave the database steps out with --skip database",
  });
};
