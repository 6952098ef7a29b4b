import path from 'node:path';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { usageError } from '../core/errors.ts';
import { isFile, shown } from './files.ts';
import { listCandidates, type Candidate } from './requirement-candidates.ts';
import { pythonInputs } from './inputs/python-inputs.ts';
import { lockFileTool } from './python-tools.ts';
import { findWorkingDirectory } from './requirement-files.ts';
import type { PythonTool, Requirements } from './types.ts';

export interface FindRequirementsOptions {
  readonly root: string;
  readonly config: Pick<Config, 'backend' | 'file'>;
  /** The folder of manage.py. */
  readonly backendDirectory: string;
  /** Names further files to some tools; without it they do not count. */
  readonly environment?: Environment;
}

/**
 * uv, where it is there, installs requirement files in the place of pip without another tool being named here: `uv` means a
 * project that uv itself manages.
 */
const toolFor = (installer: Config['backend']['installer'], ofFiles: PythonTool): PythonTool =>
  installer === null || installer === 'none' || (installer === 'uv' && ofFiles === 'pip') ? ofFiles : installer;

const configured = async (options: FindRequirementsOptions, files: readonly string[]): Promise<Requirements> => {
  const { config, root, backendDirectory } = options;
  for (const file of files) {
    if (await isFile(file)) continue;
    throw usageError({
      code: 'REQUIREMENTS_MISSING',
      message: `backend.requirements in ${config.file ?? 'the configuration'} names ${file}, which does not exist.`,
      hint: 'Correct "backend.requirements"; its paths are relative to the project root.',
    });
  }
  const first = files[0] ?? '';
  const ofLock = lockFileTool(first);
  const tool = toolFor(config.backend.installer, ofLock ?? 'pip');
  const runsBesideFile = ofLock !== null || path.basename(first) === 'pyproject.toml';
  const directory = runsBesideFile
    ? path.dirname(first)
    : await findWorkingDirectory(files, { preferred: backendDirectory, root });
  const names = files.map((file) => shown(root, file)).join(', ');
  const inputs = await pythonInputs({ tool, root, directory, files, environment: options.environment });
  return { tool, directory, files, inputs, reason: `${names}: configured` };
};

/** What an installer that is named in the configuration can install. */
const suits = (installer: PythonTool, { tool, isStandard }: Candidate): boolean =>
  tool === installer || (tool === 'pip' && installer === 'uv') || (isStandard === true && installer !== 'pipenv');

/** Locks that name Django win, the nearest first; then anything that names Django; then the rest: a root may hold the lock of something else. */
const rank = ({ kind, mentionsDjango }: Candidate): number => {
  const byKind = { lock: 0, requirements: 1, manifest: 2 }[kind];
  return mentionsDjango ? byKind : 3 + byKind;
};

/**
 * Finds what installs the backend's dependencies: `backend.requirements`, else the best of the lock files, requirement files
 * and pyproject.toml around manage.py. null: nothing was found, or the installer is `none`.
 */
export const findRequirements = async (options: FindRequirementsOptions): Promise<Requirements | null> => {
  const { config, root, backendDirectory } = options;
  const { installer, requirements } = config.backend;
  if (installer === 'none') return null;
  if (requirements !== null) return configured(options, requirements);
  const candidates = await listCandidates({ root, backendDirectory });
  const suitable = installer === null ? candidates : candidates.filter((candidate) => suits(installer, candidate));
  // A stable sort: within a rank the nearest stays first.
  const [best, second] = suitable.toSorted((a, b) => rank(a) - rank(b));
  if (best === undefined) {
    if (installer === null) return null;
    throw usageError({
      code: 'REQUIREMENTS_MISSING',
      message: `backend.installer is "${installer}", and nothing was found that it installs.`,
      hint: 'Name the files in "backend.requirements", or leave "backend.installer" out.',
    });
  }
  const tool = toolFor(installer, best.tool);
  const directory =
    best.kind === 'requirements'
      ? await findWorkingDirectory(best.files, { preferred: best.directory, root })
      : best.directory;
  const names = best.files.map((file) => shown(root, file)).join(', ');
  const passedOver =
    second === undefined ? '' : `; not used: ${second.files.map((file) => shown(root, file)).join(', ')}`;
  return {
    tool,
    directory,
    files: best.files,
    inputs: await pythonInputs({
      tool,
      root,
      directory,
      files: best.files,
      environment: options.environment,
    }),
    reason: `${names} (${best.reason})${passedOver}`,
  };
};
