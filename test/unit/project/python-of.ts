import path from 'node:path';
import type { BackendConfig } from '../../../src/config/config.ts';
import { DEFAULTS } from '../../../src/config/defaults.ts';
import { loadEnvironment } from '../../../src/config/load-environment.ts';
import { runCommand } from '../../../src/process/run-command.ts';
import { findPython } from '../../../src/project/find-python.ts';
import type { PythonEnvironment, PythonTool } from '../../../src/project/types.ts';
import { makeTree, type Tree } from './make-tree.ts';

/** What an interpreter says about itself; the default is one outside of an environment that takes packages. */
export interface Answer {
  readonly minor: number;
  readonly base?: string;
  readonly managed?: boolean;
  readonly venvs?: boolean;
  readonly django?: boolean;
}

/** A program that answers as an interpreter does; `$p` is the prefix it lies in. */
export const interpreter = ({ minor, base = '$p', managed = false, venvs = true, django = false }: Answer) => ({
  program: `#!/bin/sh
p=\${0%/bin/*}
echo noise
echo "{\\"version\\": [3, ${minor}], \\"executable\\": \\"$0\\", \\"prefix\\": \\"$p\\", \\"base\\": \\"${base}\\", \\"managed\\": ${managed}, \\"writable\\": true, \\"venvs\\": ${venvs}, \\"django\\": ${django}}"
`,
});

/** An installation of Python. */
export const python = (prefix: string, minor: number, answer: Omit<Answer, 'minor'> = {}): Tree => ({
  [`${prefix}/bin/python3.${minor}`]: interpreter({ minor, ...answer }),
  [`${prefix}/bin/python3`]: { link: `python3.${minor}` },
});

/** Debian's Python, which takes no packages, and the one of the official images, which does. */
export const DEBIAN = python('usr', 11, { managed: true });
export const OFFICIAL = python('official', 12);

export const venv = (directory: string, minor = 11): Tree => ({
  [`${directory}/pyvenv.cfg`]: `home = /nowhere/bin\nversion = 3.${minor}.2\n`,
  [`${directory}/bin/python`]: interpreter({ minor, base: '/nowhere' }),
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
  /** Files that decide what is installed. */
  readonly inputs?: readonly string[];
  /** The image of a container. */
  readonly isContainer?: boolean;
  /** pip if left out; null: nothing is installed. */
  readonly tool?: PythonTool | null;
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
    withoutVenv: options.config?.withoutVenv ?? false,
  };
  const backendDirectory = path.join(project, 'backend');
  const requirements = { tool: options.tool ?? 'pip', files: [], inputs: (options.inputs ?? []).map(at), reason: '' };
  const found = await findPython({
    root: project,
    config: { ...DEFAULTS, backend },
    environment: loadEnvironment({ processEnv, root: project }),
    backendDirectory,
    requirements:
      options.tool === null
        ? null
        : { ...requirements, directory: options.tool === undefined ? backendDirectory : project },
    imageVenvs: [at('opt/venv')],
    systemFolders: [],
    containerMarks: options.isContainer === true ? [at('project/backend/manage.py')] : [],
    runCommand,
  });
  return { root, found };
};
