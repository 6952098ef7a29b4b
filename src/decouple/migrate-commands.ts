import type { Audit } from '../audit/pipeline.ts';
import { shellWord } from '../core/shell-word.ts';
import { hasHole } from '../shell/holes.ts';
import { isMigration, type Migration } from '../audit/model/migrations.ts';

/** The plain commands of the migrate job, in order: those of the configuration, else those that stand in deployments. null: not known, or they take
 * something from their script. */
export const migrateCommands = (
  migrations: readonly Migration[],
  { config: { sequence }, project }: Pick<Audit, 'config' | 'project'>,
): readonly string[] | null => {
  if (sequence !== null)
    return sequence.flatMap(([first]) => (first === undefined ? [] : [`python manage.py ${first}`]));
  if (migrations.length === 0) return project.hasTenants === true ? null : ['python manage.py migrate --noinput'];
  const written = migrations.map((migration) => {
    const words = [migration.command, ...wordsAfter(migration)];
    if (words.some(hasHole) || /^(?:configured|other)$/.test(migration.stage)) return null;
    const asks = isMigration(migration) && !words.some((word) => /^--no-?input$/.test(word));
    return [
      'python manage.py',
      migration.command,
      ...words.slice(1).map(shellWord),
      ...(asks ? ['--noinput'] : []),
    ].join(' ');
  });
  const commands = written.flatMap((one) => one ?? []);
  return commands.length < written.length ? null : [...new Set(commands)];
};

/** What follows the command, in its order. */
const wordsAfter = ({ call, command }: Migration): readonly string[] => {
  const words = call.words.map(({ value }) => value);
  const at = words.findIndex((word) => word === command.split(' ')[0]);
  return words.slice(at + 1).filter((word) => !word.startsWith('--settings'));
};
