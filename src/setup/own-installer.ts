import path from 'node:path';

import type { Config } from '../config/config.ts';
import { shellWord } from '../core/shell-word.ts';
import { findRequirements } from '../project/find-requirements.ts';
import type { Project, PythonTool, Requirements } from '../project/types.ts';

/** How each tool installs what its file asks for, from the folder of that file. */
const INSTALL: Readonly<Record<PythonTool, (requirements: Requirements, python: string) => string>> = {
  uv: () => 'uv sync',
  poetry: () => 'poetry install',
  pipenv: () => 'pipenv sync --dev',
  pdm: () => 'pdm sync',
  pip: ({ files, directory }, python) =>
    [
      shellWord(python),
      '-m pip install',
      ...files.map((file) => `-r ${shellWord(path.relative(directory, file))}`),
    ].join(' '),
};

/** What to do about a package that is not installed where devsetup installs none; undefined: it does. */
export const ownInstallerHint = async (
  { root, backend }: Pick<Project, 'root' | 'backend'>,
  config: Config,
): Promise<string | undefined> => {
  if (backend.requirements !== null) return undefined;
  const python = backend.python.interpreter;
  if (config.backend.installer !== 'none')
    return 'devsetup found no requirement file and installs nothing. Name the file that lists the packages in `backend.requirements` of the configuration, or write a requirements.txt next to manage.py; the next run installs them.';
  const settings = { ...config, backend: { ...config.backend, installer: null, requirements: null } };
  const own = await findRequirements({ root, backendDirectory: backend.directory, config: settings });
  const why = 'devsetup installs no packages here: `backend.installer` is `none`.';
  if (own === null) return `${why} Install it into the environment of ${python} by the means of this project.`;
  const file = own.files.map((each) => path.relative(root, each)).join(', ');
  return `${why} Install it with ${own.tool}: \`cd ${shellWord(own.directory)} && ${INSTALL[own.tool](own, python)}\`; if ${file} does not list it, add it there first.`;
};
