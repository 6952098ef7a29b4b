import path from 'node:path';
import type { BackendConfig } from '../../../src/config/config.ts';
import { DEFAULTS } from '../../../src/config/defaults.ts';
import { loadEnvironment } from '../../../src/config/load-environment.ts';
import { runCommand } from '../../../src/process/run-command.ts';
import { findPython } from '../../../src/project/find-python.ts';
import type { PythonEnvironment, PythonTool } from '../../../src/project/types.ts';
import { makeTree, type Tree } from './make-tree.ts';

const BINARY = { program: '\u007fELF' };

/** An installation of Python with its libraries, as far as it is looked at. */
export const python = (prefix: string, minor: number, managed: boolean): Tree => ({
  [`${prefix}/bin/python3.${minor}`]: BINARY,
  [`${prefix}/bin/python3`]: { link: `python3.${minor}` },
  [`${prefix}/lib/python3.${minor}/site-packages`]: null,
  ...(managed ? { [`${prefix}/lib/python3.${minor}/EXTERNALLY-MANAGED`]: '' } : {}),
});

/** Debian's Python, which takes no packages, and the one of the official images, which does. */
export const DEBIAN = python('usr', 11, true);
export const OFFICIAL = python('official', 12, false);

export const venv = (directory: string): Tree => ({
  [`${directory}/pyvenv.cfg`]: 'home = /nowhere/bin\nversion = 3.11.2\n',
  [`${directory}/bin/python`]: BINARY,
});
export const brokenVenv = (directory: string): Tree => ({
  [`${directory}/pyvenv.cfg`]: 'home = /nowhere/bin\n',
  [`${directory}/bin/python`]: { link: '/nowhere/bin/python3' },
});

export interface Case {
  /** Folders on PATH, relative. */
  readonly path?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: Partial<BackendConfig>;
  readonly tool?: PythonTool;
}

export const pythonOf = async (tree: Tree, options: Case = {}): Promise<{ root: string; found: PythonEnvironment }> => {
  const root = await makeTree({ 'project/backend/manage.py': 'django', ...tree });
  const at = (file: string): string => path.join(root, file);
  const project = at('project');
  const atIfPath = (file: string): string => (file.includes('/') ? at(file) : file);
  const variables = Object.entries(options.env ?? {}).map(([name, file]) => [name, at(file)]);
  const processEnv = {
    PATH: (options.path ?? ['usr/bin']).map(at).join(path.delimiter),
    ...Object.fromEntries(variables),
  };
  const { python: interpreter, venv: directory } = options.config ?? {};
  const backend = {
    ...DEFAULTS.backend,
    ...(interpreter ? { python: atIfPath(interpreter) } : {}),
    ...(directory ? { venv: at(directory) } : {}),
  };
  const found = await findPython({
    root: project,
    config: { ...DEFAULTS, backend },
    environment: await loadEnvironment({ processEnv, root: project }),
    backendDirectory: path.join(project, 'backend'),
    requirements:
      options.tool === undefined ? null : { tool: options.tool, directory: project, files: [], inputs: [], reason: '' },
    imageVenvs: [at('opt/venv')],
    runCommand,
  });
  return { root, found };
};
