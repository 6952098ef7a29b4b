import { shellWord } from '../core/shell-word.ts';

/** To be typed in the folder of manage.py. */
export const manageCommand = (words: readonly string[]): string => `python manage.py ${words.map(shellWord).join(' ')}`;

export interface PrintedMigration {
  /** `app.name` */
  readonly migration: string;
  /** null: a project without tenant schemas. */
  readonly schema: string | null;
  /** `schema` is the public one, which `tenant_command` may not know yet: its row comes later. */
  readonly isShared: boolean;
  /** `--database ALIAS` where it is not `default`: only commands without tenant schemas take it. */
  readonly database: readonly string[];
}

/** The command that prints the statements of a migration for one schema. */
export const printCommand = ({ migration, schema, isShared, database }: PrintedMigration): string => {
  const { app, name } = splitMigration(migration);
  return manageCommand(
    schema === null || isShared
      ? ['sqlmigrate', app, name, ...database]
      : ['tenant_command', 'sqlmigrate', app, name, `--schema=${schema}`],
  );
};

/** `--database ALIAS`, for commands that otherwise take `default`. */
export const databaseWords = (alias: string): readonly string[] => (alias === 'default' ? [] : ['--database', alias]);

/** Of `app.name`. */
export const splitMigration = (dotted: string): { readonly app: string; readonly name: string } => ({
  app: dotted.slice(0, dotted.indexOf('.')),
  name: dotted.slice(dotted.indexOf('.') + 1),
});
