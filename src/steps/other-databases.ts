import type { Progress } from '../core/step.ts';
import type { Description, Inspection } from '../django/protocol.ts';
import type { SetupContext } from './context.ts';
import { manageCommand } from './manage-command.ts';

export interface UnmigratedDatabase {
  readonly alias: string;
  readonly problem: string;
  /** Behind `python manage.py`. */
  readonly manage: readonly string[];
}

/** Databases that lack migrations, and that devsetup does not migrate. */
export const findUnmigrated = (
  { otherDatabases }: Pick<Inspection, 'otherDatabases'>,
  { tenancy }: Pick<Description, 'tenancy'>,
): readonly UnmigratedDatabase[] =>
  otherDatabases
    .filter(({ pending }) => pending !== 0)
    .map(({ alias, pending, error }) => ({
      alias,
      problem:
        pending === null
          ? `cannot be inspected (${error ?? 'unknown error'})`
          : `has ${pending} pending ${pending === 1 ? 'migration' : 'migrations'}`,
      manage: tenancy.mode === 'schemas' ? plainMigrate(alias) : ['migrate', '--database', alias],
    }));

/** django-tenants replaces `migrate` by a command that works only on its own engine: Django's own has to be called by its class. */
const plainMigrate = (alias: string): readonly string[] => [
  'shell',
  '-c',
  `from django.core.management import call_command; from django.core.management.commands.migrate import Command; call_command(Command(), database=${JSON.stringify(alias)})`,
];

export const warnOfOthers = async (context: SetupContext, progress: Progress): Promise<void> => {
  const { description } = await context.django(progress);
  const unmigrated = findUnmigrated(await context.inspection(progress), description);
  for (const { alias, problem, manage } of unmigrated)
    progress.warn(
      `only DATABASES['${description.database.alias}'] is set up; DATABASES['${alias}'] ${problem}: \`${manageCommand(manage)}\``,
    );
};
