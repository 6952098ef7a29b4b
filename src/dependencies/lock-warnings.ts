import path from 'node:path';

import { LOCK_FILES as PYTHON_LOCKS } from '../project/python-tools.ts';
import type { Requirements } from '../project/types.ts';
import type { InstallCommand } from './install-backend.ts';
import { LOCK_FILES, manifest, relock, type ByHand } from './installer-commands.ts';

/**
 * What an installer does not say that reads the manifest and not the lock file next to it. A requirement file is a list of its own: nothing
 * is said then.
 */
export const unusedLock = (
  { tool, files, directory }: Pick<Requirements, 'tool' | 'files' | 'directory'>,
  exists: (file: string) => boolean,
): string | undefined => {
  const names = files.map((file) => path.basename(file));
  if (!names.every((name) => name === 'pyproject.toml' || name === 'Pipfile')) return undefined;
  const lock = Object.keys(PYTHON_LOCKS).find(
    (name) => PYTHON_LOCKS[name] !== tool && exists(path.join(directory, name)),
  );
  return lock === undefined
    ? undefined
    : `${lock} is not used: ${tool} does not read it and installs what ${names.join(', ')} allows, in the newest versions. ${PYTHON_LOCKS[lock]} would install the locked ones.`;
};

/** What these say, with exit code 0, of a lock file that is behind the manifest. */
const OUTDATED: Readonly<Partial<Record<Requirements['tool'], RegExp>>> = {
  pdm: /Lockfile doesn't satisfy the project requirements|Lock ?file hash doesn't match/i,
  // Poetry before 1.8.
  poetry: /poetry\.lock is not up to date with pyproject\.toml/,
  pipenv: /Pipfile\.lock is out-of-date/,
};

export const outdatedLock = (
  { tool, ...rest }: ByHand & Pick<Requirements, 'tool'>,
  output: string,
): string | undefined =>
  OUTDATED[tool]?.test(output)
    ? `${LOCK_FILES[tool]} does not match ${manifest(tool)}, and was installed as it is: what changed in ${manifest(tool)} is not installed. Run ${relock({ tool, ...rest })}, and commit ${LOCK_FILES[tool]}.`
    : undefined;

/** `pipenv sync` does not report an outdated lock; asking takes about a second. null: the tool reports it by itself. */
export const lockQuestion = (install: InstallCommand): InstallCommand | null =>
  install.tool === 'pipenv' && install.args[0] === 'sync' ? { ...install, args: ['verify'] } : null;
