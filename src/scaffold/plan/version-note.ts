import type { OptionValues } from '../template/template.ts';
import type { Choice } from './choose-options.ts';

/** A server does not read the files of another major version: the volume of the old one has to go. */
export const versionNotes = (made: OptionValues | null, choices: readonly Choice[]): readonly string[] => {
  const before = majorOf(made?.['postgresVersion']);
  const after = majorOf(choices.find(({ option }) => option === 'postgresVersion')?.value);
  if (before === undefined || before === after) return [];
  return [
    `PostgreSQL ${after} does not start on the volume of ${before}: save what you need of the development database, then remove the volume postgres-data of this project (docker volume ls) before the next rebuild.`,
  ];
};

const majorOf = (version: string | undefined): string | undefined => version?.split('.')[0];
