import { open, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from '../config/environment.ts';
import type { RunCommand } from '../process/run-command.ts';
import { isCount, isExactly, isOrNull, isText } from '../core/shape.ts';
import { filterAsync, isDirectory, isFile, isWritable, listNames } from './files.ts';

/** Facts about an interpreter outside a virtual environment. */
export interface InterpreterFacts {
  /** Minor version of Python 3; null: unknown. */
  readonly minor: number | null;
  /** The folder of a virtual environment it belongs to. */
  readonly venv: string | null;
  /**
   * Packages may be installed into it: no EXTERNALLY-MANAGED marker (PEP 668), this user may write there, and it is not an
   * interpreter that a version manager shares among projects.
   */
  readonly takesPackages: boolean;
}

const PROBE = [
  'import json, os, sys, sysconfig',
  'paths = sysconfig.get_paths()',
  'managed = os.path.exists(os.path.join(paths["stdlib"], "EXTERNALLY-MANAGED"))',
  'print("\\n" + json.dumps([sys.version_info[1], sys.prefix if sys.prefix != sys.base_prefix else None, not managed and os.access(paths["purelib"], os.W_OK)]))',
].join('\n');

/** Version managers put scripts, or links to themselves, on PATH that choose an interpreter when they run: the files tell nothing. */
const isVersionManager = async (real: string): Promise<boolean> => {
  if (!/^python/i.test(path.basename(real))) return true;
  const handle = await open(real, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.toString('latin1') === '#!';
  } finally {
    await handle.close();
  }
};

/** The virtual environment an interpreter's path lies in. */
export const venvOf = async (interpreter: string): Promise<string | null> => {
  const directory = path.dirname(path.dirname(interpreter));
  return (await isFile(path.join(directory, 'pyvenv.cfg'))) ? directory : null;
};

/** Reads what the layout of the installation tells, without starting Python; null: it tells nothing. */
const readLayout = async (interpreter: string): Promise<InterpreterFacts | null> => {
  const venv = await venvOf(interpreter);
  if (venv !== null) return { minor: null, venv, takesPackages: true };
  const real = await realpath(interpreter);
  if (await isVersionManager(real)) return null;
  const prefix = path.dirname(path.dirname(real));
  const named = /^python3\.(\d+)/.exec(path.basename(real))?.[1];
  const versions = (await listNames(path.join(prefix, 'lib'))).filter((name) => /^python3\.\d+$/.test(name));
  const version = named === undefined ? (versions.length === 1 ? versions[0] : undefined) : `python3.${named}`;
  if (version === undefined) return null;
  const libraries = ['lib', 'lib64'].map((folder) => path.join(prefix, folder, version));
  const [managed] = await filterAsync(libraries, (folder) => isFile(path.join(folder, 'EXTERNALLY-MANAGED')));
  const packageFolders = [
    ...libraries.map((folder) => path.join(folder, 'site-packages')),
    // Debian's Python installs beside itself, below /usr/local.
    path.join(prefix, 'local/lib', version, 'dist-packages'),
  ];
  const [packages] = await filterAsync(packageFolders, isDirectory);
  const takesPackages = managed === undefined && packages !== undefined && (await isWritable(packages));
  return { minor: Number(version.slice('python3.'.length)), venv: null, takesPackages };
};

export interface InspectInterpreterOptions {
  readonly environment: Pick<Environment, 'asRecord'>;
  readonly directory: string;
  readonly runCommand?: RunCommand | undefined;
}

const UNKNOWN: InterpreterFacts = { minor: null, venv: null, takesPackages: false };

/**
 * Looks at an interpreter's files and asks it only if they do not tell. Where nothing can be learned, `takesPackages` is false:
 * a virtual environment is always safe.
 */
export const inspectInterpreter = async (
  interpreter: string,
  { environment, directory, runCommand }: InspectInterpreterOptions,
): Promise<InterpreterFacts> => {
  const layout = await readLayout(interpreter);
  if (layout !== null || runCommand === undefined) return layout ?? UNKNOWN;
  const result = await runCommand(
    { program: interpreter, args: ['-I', '-c', PROBE], directory, env: environment.asRecord() },
    { timeoutSeconds: 20 },
  );
  if (result.exitCode !== 0) return UNKNOWN;
  try {
    const answer: unknown = JSON.parse(result.tail.trim().split('\n').at(-1) ?? '');
    if (!Array.isArray(answer)) return UNKNOWN;
    const [minor, venv, takesPackages] = answer as readonly unknown[];
    if (!isCount(minor) || !isOrNull(isText)(venv) || !isExactly(true, false)(takesPackages)) return UNKNOWN;
    return { minor, venv, takesPackages: takesPackages && !(await isVersionManager(await realpath(interpreter))) };
  } catch {
    // Something on PATH that is called python3 and does not answer like one.
    return UNKNOWN;
  }
};
