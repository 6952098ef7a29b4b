import { OPTION_FLAGS } from '../init-options.ts';
import type { PlannedFile } from '../planned-file.ts';
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

/** Versions that were asked for, where the dev container is not of the template: its own files name them. */
export const versionsWithoutEffect = (
  asked: OptionValues,
  name: string,
  planned: readonly PlannedFile[],
): readonly string[] => {
  const flags = (['python', 'node', 'postgres'] as const).flatMap((flag) => {
    const value = asked[OPTION_FLAGS[flag][0]];
    const isWritten = planned.some(({ before, after }) => before === null && after.includes(`image: ${flag}:${value}`));
    return value === undefined || isWritten ? [] : [`--${flag} ${value}`];
  });
  if (flags.length === 0) return [];
  return [
    `${flags.join(' and ')} ${flags.length === 1 ? 'has' : 'have'} no effect: ${name} is not what this version of devsetup writes, so init keeps its versions. Change them in the image, Dockerfile or compose file that it names.`,
  ];
};
