import type { DevsetupError } from '../core/errors.ts';
import type { Progress } from '../core/step.ts';
import type { DatabaseSettings, Description } from '../django/protocol.ts';
import { judgeSettings } from '../pipeline/judge-database.ts';
import { refuseDatabase } from '../pipeline/refuse-database.ts';
import { targetFromDjango, type LibpqSystem } from '../postgres/target.ts';
import type { DatabasePlace, SetupContext } from './context.ts';
import { embeddedProblem } from './embedded-database.ts';
import { hostProblem } from './host-problem.ts';

/**
 * Why devsetup must not work on the databases of this project; null: it may. It judges every database that is migrated, that a
 * router sends rows to or that django-tenants opens, since a migration or a command may write to any of them. Opens no connection.
 */
export const databaseProblem = async (context: SetupContext, progress: Progress): Promise<DevsetupError | null> => {
  const beside = await embeddedProblem(context, progress);
  if (beside !== null) return beside;
  const refused = await pipelineProblem(context, progress);
  if (refused !== null) return refused;
  const rules = {
    services: await context.composeServices(),
    allowRemote: context.options.allowRemote || context.config.database.allowRemote,
  };
  for (const { alias, target } of await context.databases(progress)) {
    const problem = hostProblem(target, rules, alias);
    if (problem !== undefined) return problem;
  }
  return null;
};

/** In a pipeline: the settings hold an address that cannot be meant (see pipeline/judge-database). */
const pipelineProblem = async (context: SetupContext, progress: Progress): Promise<DevsetupError | null> => {
  if (context.pipeline === null) return null;
  const { database, otherDatabases } = (await context.django(progress)).description;
  const faults = [database, ...otherDatabases]
    .filter(({ vendor }) => vendor === 'postgresql')
    .flatMap((settings) => judgeSettings(settings, context.environment.asRecord()));
  return faults.length === 0 ? null : refuseDatabase(faults, context.pipeline.settings);
};

/** Every database that a run may touch, the one that is migrated first. */
export const databasePlaces = (
  { database, otherDatabases }: Pick<Description, 'database' | 'otherDatabases'>,
  system: LibpqSystem,
): readonly DatabasePlace[] => [
  // Of the database that is migrated only PostgreSQL is worked on.
  ...(database.vendor === 'postgresql' ? [placeOf(database, system)] : []),
  ...otherDatabases
    .filter(({ vendor, host }) => vendor === 'postgresql' || host !== '')
    .map((other) => placeOf(other, system)),
];

const placeOf = (settings: DatabaseSettings, system: LibpqSystem): DatabasePlace => ({
  alias: settings.alias,
  // The variables of libpq mean nothing to another engine.
  target:
    settings.vendor === 'postgresql'
      ? targetFromDjango(settings, system)
      : targetFromDjango({ ...settings, options: {} }),
});
