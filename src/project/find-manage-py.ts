import path from 'node:path';
import { usageError } from '../core/errors.ts';
import type { Config } from '../config/config.ts';
import { filterAsync, findText, isFile, isInside, shown } from './files.ts';
import { isSecondary, listFolders } from './list-folders.ts';

export interface FindManagePyOptions {
  readonly root: string;
  readonly config: Pick<Config, 'backend' | 'file'>;
  /** Where the user is. */
  readonly cwd?: string | undefined;
  /** The answer, where it is known already. */
  readonly managePy?: string | undefined;
}

export interface FoundManagePy {
  readonly managePy: string;
  readonly directory: string;
}

const MANAGE_PY = 'manage.py';

const found = (managePy: string): FoundManagePy => ({ managePy, directory: path.dirname(managePy) });

/** Other frameworks have a manage.py too; Django's names Django or its settings module in one way or another. */
export const looksLikeDjango = (text: string): boolean =>
  /django|execute_from_command_line|DJANGO_SETTINGS_MODULE/i.test(text);

const isDjango = async (managePy: string): Promise<boolean> => looksLikeDjango((await findText(managePy)) ?? '');

const withManagePy = async (directories: readonly string[]): Promise<readonly string[]> =>
  filterAsync(
    directories.map((directory) => path.join(directory, MANAGE_PY)),
    isFile,
  );

/** Where manage.py may be, the likeliest rank first: the root, `backend/`, one folder down, two folders down. */
const listRanks = async (root: string): Promise<readonly (readonly string[])[]> => {
  const children = await listFolders(root);
  const grandchildren = (await Promise.all(children.map(listFolders))).flat();
  const ranks = [
    [root],
    children.filter((child) => path.basename(child) === 'backend'),
    children.filter((child) => path.basename(child) !== 'backend'),
    grandchildren,
  ];
  const isOrdinary = (directory: string): boolean => !path.relative(root, directory).split(path.sep).some(isSecondary);
  return [...ranks.map((rank) => rank.filter(isOrdinary)), ...ranks.map((rank) => rank.filter((d) => !isOrdinary(d)))];
};

const ambiguous = (root: string, candidates: readonly string[]): Error =>
  usageError({
    code: 'MANAGE_PY_AMBIGUOUS',
    message: `Several manage.py were found: ${candidates.map((file) => shown(root, file)).join(', ')}.`,
    hint: `Choose one in devsetup.config.jsonc: { "backend": { "managePy": "${shown(root, candidates[0] ?? MANAGE_PY)}" } }`,
  });

const missing = (root: string, others: readonly string[]): Error => {
  const rejected =
    others.length === 0
      ? ''
      : ` (${others.map((file) => shown(root, file)).join(', ')} does not mention Django and was not used)`;
  return usageError({
    code: 'MANAGE_PY_MISSING',
    message: `No manage.py of a Django project was found in ${root} or up to two folders below${rejected}.`,
    hint: 'Start devsetup in the checkout, name its folder with --project DIR, or set "backend.managePy" in devsetup.config.jsonc.',
  });
};

/** The nearest manage.py around the folder the user is in, below the root. */
const findAround = async (cwd: string, root: string): Promise<string | undefined> => {
  if (cwd === root || !isInside(root, cwd)) return undefined;
  const here = path.join(cwd, MANAGE_PY);
  if ((await isFile(here)) && (await isDjango(here))) return here;
  return findAround(path.dirname(cwd), root);
};

const readConfigured = async (managePy: string, config: FindManagePyOptions['config']): Promise<string> => {
  if (await isFile(managePy)) return managePy;
  throw usageError({
    code: 'MANAGE_PY_MISSING',
    message: `backend.managePy in ${config.file ?? 'the configuration'} names ${managePy}, which does not exist.`,
    hint: 'Correct "backend.managePy"; it is relative to the project root.',
  });
};

/**
 * Finds the project's manage.py: what configuration names, the one around the user's folder, else by rank. Several of the
 * same rank are a usage error (`MANAGE_PY_AMBIGUOUS`), none is `MANAGE_PY_MISSING`.
 */
export const findManagePy = async (options: FindManagePyOptions): Promise<FoundManagePy> => {
  const { root, config, cwd, managePy } = options;
  if (managePy !== undefined) return found(managePy);
  if (config.backend.managePy !== null) return found(await readConfigured(config.backend.managePy, config));
  const around = cwd === undefined ? undefined : await findAround(cwd, root);
  if (around !== undefined) return found(around);
  const others: string[] = [];
  for (const rank of await listRanks(root)) {
    const candidates = await withManagePy(rank);
    const real = await filterAsync(candidates, isDjango);
    if (real.length > 1) throw ambiguous(root, real);
    if (real[0] !== undefined) return found(real[0]);
    others.push(...candidates);
  }
  throw missing(root, others);
};
