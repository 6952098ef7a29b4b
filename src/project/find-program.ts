import path from 'node:path';
import process from 'node:process';

import type { Environment } from '../config/environment.ts';
import { filterAsync, isExecutable } from './files.ts';

type Variables = Pick<Environment, 'get'>;

/** Every program of this name on PATH, in the order of PATH, as absolute paths. */
export const findPrograms = async (
  name: string,
  environment: Variables,
  platform: string = process.platform,
): Promise<readonly string[]> => {
  const folders = (pathOf(environment) ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const names = platform === 'win32' ? windowsNames(name, environment) : [name];
  return filterAsync(
    [...new Set(folders)].flatMap((folder) => names.map((each) => path.join(folder, each))),
    isExecutable,
  );
};

/** Windows calls it `Path`, and finds it by any spelling only in the environment of the process itself. */
const pathOf = ({ get }: Variables): string | undefined => get('PATH') ?? get('Path');

/** `docker` is `docker.exe` there: a name without one of these endings is no program. */
const windowsNames = (name: string, { get }: Variables): readonly string[] => {
  const endings = (get('PATHEXT') ?? '.COM;.EXE;.BAT;.CMD').split(';').filter((ending) => ending !== '');
  const isComplete = endings.some((ending) => name.toLowerCase().endsWith(ending.toLowerCase()));
  return isComplete ? [name] : endings.map((ending) => name + ending);
};

export const findProgram = async (
  name: string,
  environment: Variables,
  platform: string = process.platform,
): Promise<string | undefined> => (await findPrograms(name, environment, platform))[0];
