import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { usageError } from '../core/errors.ts';
import type { Config } from '../config/config.ts';
import { filterAsync, findText, isFile, isInside, shown } from './files.ts';
import { isOutsideProject, isSecondary, listFolders } from './list-folders.ts';

export interface FindManagePyOptions {
  readonly root: string;
  readonly config: Pick<Config, 'backend' | 'file'>;
  /** Where the user is. */
  readonly cwd?: string | undefined;
}

export interface FoundManagePy {
  readonly managePy: string;
  readonly directory: string;
  /** Where the checkout has several projects and no configuration chooses: why this one, and which others there are. */
  readonly choice?: ProjectChoice | undefined;
}

export interface ProjectChoice {
  /** e.g. `the others are examples, tests or templates`. */
  readonly reason: string;
  /** manage.py of the others, absolute. */
  readonly others: readonly string[];
}

const MANAGE_PY = 'manage.py';

const found = (managePy: string, choice?: ProjectChoice): FoundManagePy => ({
  managePy,
  directory: path.dirname(managePy),
  ...(choice === undefined || choice.others.length === 0 ? {} : { choice }),
});

/** Other frameworks have a manage.py too; Django's names Django or its settings module in one way or another. */
export const looksLikeDjango = (text: string): boolean =>
  /django|execute_from_command_line|DJANGO_SETTINGS_MODULE/i.test(text);

/** With tags of a template (`{{ project_name }}`) it is what a project is made from. */
const isDjango = async (managePy: string): Promise<boolean> => {
  const text = (await findText(managePy)) ?? '';
  return looksLikeDjango(text) && !/\{\{.*\}\}|\{%.*%\}/.test(text);
};

const withManagePy = async (directories: readonly string[]): Promise<readonly string[]> =>
  filterAsync(
    directories.map((directory) => path.join(directory, MANAGE_PY)),
    isFile,
  );

interface Rank {
  readonly directories: readonly string[];
  /** Why one of them is chosen before those of later ranks. */
  readonly reason: string;
}

/** An example, a test project or a template: it looks like a project without being the one that is meant. */
const isOrdinary = (root: string, directory: string): boolean =>
  !path.relative(root, directory).split(path.sep).some(isSecondary);

/** Where manage.py may be, the likeliest rank first: the root, `backend/`, one folder down, two folders down. */
const listRanks = async (root: string): Promise<readonly Rank[]> => {
  const children = await listFolders(root);
  const grandchildren = (await Promise.all(children.map(listFolders))).flat();
  const ranks: readonly Rank[] = [
    { directories: [root], reason: 'it is in the root' },
    { directories: children.filter((child) => path.basename(child) === 'backend'), reason: 'it is in backend' },
    { directories: children.filter((child) => path.basename(child) !== 'backend'), reason: 'it is nearer to the root' },
    { directories: grandchildren, reason: 'it is nearer to the root' },
  ];
  const keep = (isKept: (directory: string) => boolean): readonly Rank[] =>
    ranks.map(({ directories, reason }) => ({ directories: directories.filter(isKept), reason }));
  return [...keep((directory) => isOrdinary(root, directory)), ...keep((directory) => !isOrdinary(root, directory))];
};

/** One that a link leads to is found twice; the first place counts. */
const withoutCopies = async (files: readonly string[]): Promise<readonly string[]> => {
  const real = await Promise.all(files.map((file) => realpath(file)));
  return files.filter((_, index) => real.indexOf(real[index] ?? '') === index);
};

const ambiguous = (root: string, candidates: readonly string[]): Error =>
  usageError({
    code: 'MANAGE_PY_AMBIGUOUS',
    message: `Several manage.py were found: ${candidates.map((file) => shown(root, file)).join(', ')}.`,
    hint: `Start devsetup in the folder of one of them, or choose one in devsetup.config.jsonc: { "backend": { "managePy": "${shown(root, candidates[0] ?? MANAGE_PY)}" } }`,
    data: { candidates: candidates.map((file) => shown(root, file)) },
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

const isOfPackages = (folder: string): boolean => isOutsideProject(folder) && !folder.startsWith('.');

/** The nearest manage.py around the folder the user is in, below the root. */
const findAround = async (cwd: string, root: string): Promise<string | undefined> => {
  if (cwd === root || !isInside(root, cwd)) return undefined;
  // A copy that a package brings is not the project, wherever the user is.
  if (path.relative(root, cwd).split(path.sep).some(isOfPackages)) return undefined;
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
  const { root, config, cwd } = options;
  if (config.backend.managePy !== null) return found(await readConfigured(config.backend.managePy, config));
  const around = cwd === undefined ? undefined : await findAround(cwd, root);
  const ranks = await Promise.all(
    (await listRanks(root)).map(async ({ directories, reason }) => {
      const candidates = await withManagePy(directories);
      return { candidates, reason, real: await filterAsync(candidates, isDjango) };
    }),
  );
  const all = await withoutCopies(ranks.flatMap(({ real }) => real));
  const othersThan = (chosen: string): readonly string[] => all.filter((file) => file !== chosen);
  if (around !== undefined) return found(around, { reason: 'it is around this folder', others: othersThan(around) });
  for (const { real, reason } of ranks) {
    const equal = real.filter((file) => all.includes(file));
    const [first, second] = equal;
    if (second !== undefined) throw ambiguous(root, equal);
    if (first === undefined) continue;
    const others = othersThan(first);
    const isPlain = isOrdinary(root, path.dirname(first));
    const areSecondary = isPlain && others.every((file) => !isOrdinary(root, path.dirname(file)));
    return found(first, { reason: areSecondary ? 'the others are examples, tests or templates' : reason, others });
  }
  throw missing(
    root,
    ranks.flatMap(({ candidates }) => candidates),
  );
};

/** Which project was chosen, why, and how to choose another; null: there is no other. */
export const describeChoice = (root: string, { managePy, choice }: FoundManagePy): string | null => {
  const [first, ...more] = choice?.others ?? [];
  if (choice === undefined || first === undefined) return null;
  const others = [first, ...more].map((file) => shown(root, file)).join(', ');
  return (
    `Project: ${shown(root, managePy)}, because ${choice.reason}. Not used: ${others}. ` +
    `To use another, start devsetup in its folder or set "backend": { "managePy": "${shown(root, first)}" } in devsetup.config.jsonc.`
  );
};
