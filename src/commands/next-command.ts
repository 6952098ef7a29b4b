import path from 'node:path';

import { shellWord } from '../core/shell-word.ts';
import type { PlaceFlags } from './typed-commands.ts';

export interface NextPlaces {
  /** Where the user is. */
  readonly cwd: string;
  /** The folder of manage.py. */
  readonly directory: string;
  readonly interpreter: string;
  /** Of this run. */
  readonly flags: PlaceFlags;
  /** Django lacks variables that devsetup has given it: from env files, or those of the embedded database. */
  readonly needsEnvironment: boolean;
}

/** What the user can type next, from where they are: paths as short as they go. */
export const nextCommand = ({ cwd, directory, interpreter, flags, needsEnvironment }: NextPlaces): string => {
  const run = needsEnvironment
    ? `npx devsetup exec ${placeFlags(cwd, flags)}-- python manage.py runserver`
    : `${shellWord(shorter(directory, interpreter))} manage.py runserver`;
  return path.relative(cwd, directory) === '' ? run : `cd ${shellWord(shorter(cwd, directory))} && ${run}`;
};

/** Paths are absolute: the command is run from another folder. */
const placeFlags = (cwd: string, { db, project, config }: PlaceFlags): string =>
  Object.entries({ db, project: project && path.resolve(cwd, project), config: config && path.resolve(cwd, config) })
    .flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${shellWord(value)} `]))
    .join('');

const shorter = (from: string, to: string): string => {
  const relative = path.relative(from, to);
  return relative.length < to.length ? relative : to;
};
