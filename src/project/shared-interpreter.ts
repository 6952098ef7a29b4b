import path from 'node:path';
import { isDirectory, isFile, isInside } from './files.ts';
import { versionManagers } from './version-managers.ts';

export interface Installation {
  /** Without links. */
  readonly interpreter: string;
  readonly prefix: string;
  /** It carries the EXTERNALLY-MANAGED marker of PEP 668. */
  readonly managed: boolean;
  readonly writable: boolean;
}

/** Their usual folders, for those that another user, or the image, has installed. */
const USUAL: readonly (readonly [folder: RegExp, manager: string])[] = [
  [/[/\\]\.?pyenv[/\\](?:pyenv-win[/\\])?versions[/\\]/, 'pyenv'],
  [/[/\\]\.?asdf[/\\](?:data[/\\])?installs[/\\]/, 'asdf'],
  [/[/\\](?:mise|rtx)[/\\]installs[/\\]/, 'mise'],
  [/[/\\]\.?rye[/\\]py[/\\]/, 'rye'],
  [/[/\\]uv[/\\]python[/\\]/, 'uv'],
  [/[/\\](?:Cellar|homebrew|linuxbrew)[/\\]/, 'Homebrew'],
];

/** Of the operating system: other programs of the machine run on it. */
const SYSTEM = /^\/(?:usr\/)?(?:s?bin|lib(?:64|exec)?)\/|^\/(?:System|Library\/Developer)\//;

/** Why packages must not be installed into an interpreter outside a virtual environment; null: it is free to be used so. */
export const whyShared = async (
  { interpreter, prefix, managed, writable }: Installation,
  variables: Readonly<Record<string, string>>,
): Promise<string | null> => {
  const named = versionManagers(variables).find(({ folder }) => isInside(folder, interpreter))?.name;
  const usual = USUAL.find(([folder]) => folder.test(interpreter) || folder.test(path.join(prefix, path.sep)))?.[1];
  const manager = named ?? usual;
  if (manager !== undefined) return `${manager} shares it among projects`;
  if (await isDirectory(path.join(prefix, 'conda-meta'))) return 'it is the base environment of conda';
  if (SYSTEM.test(interpreter)) return 'it belongs to the operating system';
  if (managed) return 'it is marked as externally managed (PEP 668)';
  return writable ? null : 'you may not write to its packages';
};

/** The folder of a conda environment that is not the base one: it belongs to one project, as a virtual environment does. */
export const condaEnvironment = async (prefix: string): Promise<string | null> => {
  if (!(await isDirectory(path.join(prefix, 'conda-meta')))) return null;
  const isBase =
    (await isDirectory(path.join(prefix, 'condabin'))) ||
    (await isDirectory(path.join(prefix, 'envs'))) ||
    (await isFile(path.join(prefix, 'bin', 'conda')));
  return isBase ? null : prefix;
};
