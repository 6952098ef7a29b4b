import path from 'node:path';

import type { PythonTool, Requirements } from '../project/types.ts';
import type { Installer } from './installer-commands.ts';

/** A program call without its environment: pure data that a dry run prints. */
export interface InstallCommand {
  readonly program: string;
  /** Whose words its output is in; by default those of the program's name. */
  readonly tool?: Installer;
  readonly args: readonly string[];
  readonly directory: string;
  /** Added to the environment of the child. */
  readonly env: Readonly<Record<string, string>>;
  /** The virtual environment it makes: half made, it looks like one and cannot be used. */
  readonly creates?: string;
}

export interface BackendInstall {
  readonly requirements: Requirements;
  /** The interpreter that gets the packages. */
  readonly interpreter: string;
  readonly venv: string | null;
  readonly venvExists: boolean;
  readonly basePython: string;
  /** false: `requires-python` excludes it. uv then finds or downloads another one, as it does by itself. */
  readonly baseFits: boolean;
  readonly groups: readonly string[];
  readonly extras: readonly string[];
  /** What stands in for a pyproject.toml without a lock file, which pip cannot read by itself: see manifest-arguments.ts. */
  readonly declared: readonly string[];
  /** Where programs are on this machine; null: not there. */
  readonly uv: string | null;
  readonly tool: string | null;
  /** Where a missing tool is installed for devsetup's own use. */
  readonly toolsDirectory: string;
}

const PIP = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input'];

/**
 * The commands that install a backend's requirements, in order. uv is used where the lock file asks for it and where it is on
 * PATH and can read the files; otherwise the lock file's own tool; otherwise pip.
 */
export const planBackendInstall = (install: BackendInstall): readonly InstallCommand[] => {
  const { requirements } = install;
  if (requirements.tool === 'pip') return install.uv === null ? planPip(install) : planUvPip(install, install.uv);
  const found = requirements.tool === 'uv' ? install.uv : install.tool;
  const program = found ?? path.join(install.toolsDirectory, requirements.tool, 'bin', requirements.tool);
  const bootstrap = found === null ? planTool(install, requirements.tool) : [];
  // uv creates it itself, and names the interpreter it creates it with better than the others do.
  const create = requirements.tool === 'uv' ? [] : planVenv(install);
  return [...bootstrap, ...create, planLocked(install, requirements.tool, program)];
};

/** `--clear`: what is there is a broken environment, half made or without its interpreter. */
const planVenv = ({ venv, venvExists, basePython, requirements }: BackendInstall): readonly InstallCommand[] =>
  venv === null || venvExists
    ? []
    : [
        {
          program: basePython,
          args: ['-m', 'venv', '--clear', venv],
          directory: requirements.directory,
          env: {},
          creates: venv,
        },
      ];

/** PDM 2.29 crashes with the newest version of one of its dependencies; its extra `locked` asks for those it was released with. */
const packageOf = (tool: PythonTool): string => (tool === 'pdm' ? 'pdm[locked]' : tool);

const planTool = (install: BackendInstall, tool: PythonTool): readonly InstallCommand[] => {
  const venv = path.join(install.toolsDirectory, tool);
  const directory = install.requirements.directory;
  return [
    { program: install.basePython, args: ['-m', 'venv', venv], directory, env: {} },
    {
      program: path.join(venv, 'bin', 'python'),
      args: [...PIP, '--quiet', packageOf(tool)],
      directory,
      env: {},
      tool: 'pip',
    },
  ];
};

const planLocked = (install: BackendInstall, tool: Exclude<PythonTool, 'pip'>, program: string): InstallCommand => {
  const { directory, files } = install.requirements;
  const { venv, venvExists, basePython } = install;
  const isLocked = files.some((file) => file.endsWith('.lock'));
  // Without a lock file `sync` fails; `install` writes one first.
  const verb = isLocked ? 'sync' : 'install';
  const uvChooses = venv !== null && !venvExists && !install.baseFits;
  switch (tool) {
    case 'uv':
      return {
        program,
        tool,
        args: [
          'sync',
          ...(isLocked ? ['--locked'] : []),
          // It would remove what else is installed there.
          ...(venv === null ? ['--inexact'] : []),
          ...flags('--group', install.groups),
          ...flags('--extra', install.extras),
        ],
        directory,
        env: {
          UV_PROJECT_ENVIRONMENT: environmentOf(install),
          ...(uvChooses ? {} : { UV_PYTHON_DOWNLOADS: 'never' }),
          ...(uvChooses || (venv !== null && venvExists) ? {} : { UV_PYTHON: basePython }),
        },
      };
    case 'poetry':
      return {
        program,
        tool,
        args: [
          'install',
          '--no-interaction',
          '--no-root',
          ...flags('--with', install.groups),
          ...flags('--extras', install.extras),
        ],
        directory,
        env: { POETRY_VIRTUALENVS_IN_PROJECT: 'true', ...active(install) },
      };
    case 'pipenv':
      return {
        program,
        tool,
        args: [verb, '--dev', ...flags('--categories', install.groups)],
        directory,
        // COLUMNS: without a terminal it breaks lines at 80 characters, within the names of packages and files.
        env: {
          PIPENV_VENV_IN_PROJECT: '1',
          PIPENV_NOSPIN: '1',
          PIPENV_YES: '1',
          COLUMNS: '400',
          ...active(install),
        },
      };
    case 'pdm':
      return {
        program,
        tool,
        args: [verb, '--no-self', '--no-editable', ...flags('-G', [...install.groups, ...install.extras])],
        directory,
        // A `.pdm-python` in git that names an interpreter of another machine would be deleted.
        env: { PDM_CHECK_UPDATE: '0', PDM_IGNORE_SAVED_PYTHON: '1', COLUMNS: '400', ...active(install) },
      };
  }
};

/** Where the packages go: without a virtual environment, to the installation that the interpreter belongs to. */
const environmentOf = ({ venv, interpreter }: BackendInstall): string =>
  venv ?? path.dirname(path.dirname(interpreter));

/** These tools install into the active environment, whatever else they would choose. */
const active = (install: BackendInstall): Readonly<Record<string, string>> => ({
  VIRTUAL_ENV: environmentOf(install),
});

const planUvPip = (install: BackendInstall, uv: string): readonly InstallCommand[] => {
  const { directory, files } = install.requirements;
  const create: InstallCommand[] =
    install.venv === null || install.venvExists
      ? []
      : [
          {
            program: uv,
            args: ['venv', '--allow-existing', '--python', install.basePython, install.venv],
            directory,
            env: {},
            creates: install.venv,
          },
        ];
  const target =
    install.venv === null ? ['--system', '--python', install.interpreter] : ['--python', install.interpreter];
  return [
    ...create,
    {
      program: uv,
      tool: 'pip',
      args: ['pip', 'install', ...target, ...flags('-r', listedFiles(files)), ...install.declared],
      directory,
      env: { UV_PYTHON_DOWNLOADS: 'never' },
    },
  ];
};

const planPip = (install: BackendInstall): readonly InstallCommand[] => {
  const { directory, files } = install.requirements;
  return [
    ...planVenv(install),
    {
      program: install.interpreter,
      tool: 'pip',
      args: [...PIP, ...flags('-r', listedFiles(files)), ...install.declared],
      directory,
      env: {},
    },
  ];
};

const listedFiles = (files: readonly string[]): readonly string[] =>
  files.filter((file) => path.basename(file) !== 'pyproject.toml');

const flags = (flag: string, values: readonly string[]): readonly string[] => values.flatMap((value) => [flag, value]);
