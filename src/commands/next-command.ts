import { existsSync } from 'node:fs';
import path from 'node:path';

import { shellWord } from '../core/shell-word.ts';
import type { DjangoPlace } from '../setup/host.ts';
import type { PlaceFlags } from './typed-commands.ts';

export interface ManagePlaces extends DjangoPlace {
  /** Where the user is. */
  readonly cwd: string;
  /** Of this run. */
  readonly flags: PlaceFlags;
  /** Of the user's shell. */
  readonly path: string | undefined;
}

/**
 * `python manage.py`, as the user can type it from where they are: the project's interpreter and the folder of manage.py, paths as short as
 * they go, and by `devsetup exec` if Django lacks variables in a plain shell.
 */
export const manageCommand = ({
  cwd,
  directory,
  interpreter,
  needsEnvironment,
  flags,
  ...shell
}: ManagePlaces): string => {
  const run = needsEnvironment
    ? `npx devsetup exec ${placeFlags(cwd, flags)}-- python manage.py`
    : `${pythonOf(directory, interpreter, shell.path)} manage.py`;
  return path.relative(cwd, directory) === '' ? run : `cd ${shellWord(shorter(cwd, directory))} && ${run}`;
};

/** By its name where a shell finds this interpreter by it: in an activated environment. */
const pythonOf = (directory: string, interpreter: string, variable = ''): string => {
  const first = variable.split(path.delimiter).find((folder) => existsSync(path.join(folder, 'python')));
  return first !== undefined && first === path.dirname(interpreter)
    ? 'python'
    : shellWord(shorter(directory, interpreter));
};

/** Paths are absolute: the command is run from another folder. */
const placeFlags = (cwd: string, { db, project, config }: PlaceFlags): string =>
  Object.entries({ db, project: project && path.resolve(cwd, project), config: config && path.resolve(cwd, config) })
    .flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${shellWord(value)} `]))
    .join('');

export const shorter = (from: string, to: string): string => {
  const relative = path.relative(from, to);
  return relative.length < to.length ? relative : to;
};
