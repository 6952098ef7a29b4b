import type { CompanionError } from '../django/protocol.ts';
import { manageCommand, printCommand, splitMigration, type PrintedMigration } from './manage-command.ts';

/** What a statement may find in its way, by SQLSTATE and by the driver's name for it: the message is in the server's language. */
const EXISTS: Readonly<Record<string, string>> = {
  '42P07': '.DuplicateTable:',
  '42701': '.DuplicateColumn:',
  '42710': '.DuplicateObject:',
};

type Failure = Pick<CompanionError, 'data' | 'traceback'> | null;

/** A table, index or sequence of the same name is there. `--fake-initial` is for this case alone. */
export const isTableThere = (error: Failure): boolean => isThere(error, '42P07');

/** A table, an index, a column or a constraint of the same name is there. */
export const isThereAlready = (error: Failure): boolean => Object.keys(EXISTS).some((state) => isThere(error, state));

const isThere = (error: Failure, state: string): boolean =>
  error?.data['sqlstate'] === state || error?.traceback.includes(EXISTS[state] ?? state) === true;

export interface DoneMigration extends PrintedMigration {
  readonly atomic: boolean;
}

/** What to do about a migration that finds its own work done: compare first, then record it. Never to drop what is there. */
export const existsAlreadyHint = ({ migration, atomic, schema, isShared, database }: DoneMigration): string => {
  const { app, name } = splitMigration(migration);
  const where = schema === null ? '' : ` in schema ${schema}`;
  const cause = atomic
    ? 'a migrate command other than devsetup was killed before it recorded the migration, or something else created it'
    : 'the migration is not atomic and was stopped in the middle, or something else created it';
  const record =
    schema === null
      ? ['migrate', app, name, '--fake', ...database]
      : ['migrate_schemas', `--schema=${schema}`, app, name, '--fake'];
  return [
    `What ${migration} creates is there${where} already, but the migration is not recorded: ${cause}.`,
    `Compare what is there with: \`${printCommand({ migration, schema, isShared, database })}\``,
    `Once all of it is there${atomic ? '' : ' (execute what is missing)'}, record it, which changes nothing else: \`${manageCommand(record)}\``,
  ].join('\n');
};
