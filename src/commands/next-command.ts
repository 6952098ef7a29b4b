import path from 'node:path';

import { shellWord } from '../core/shell-word.ts';

export interface NextPlaces {
  /** Where the user is. */
  readonly cwd: string;
  /** The folder of manage.py. */
  readonly directory: string;
  readonly interpreter: string;
}

/** What the user can type next, from where they are: paths as short as they go. */
export const nextCommand = ({ cwd, directory, interpreter }: NextPlaces): string => {
  const run = `${shellWord(shorter(directory, interpreter))} manage.py runserver`;
  return path.relative(cwd, directory) === '' ? run : `cd ${shellWord(shorter(cwd, directory))} && ${run}`;
};

const shorter = (from: string, to: string): string => {
  const relative = path.relative(from, to);
  return relative.length < to.length ? relative : to;
};
