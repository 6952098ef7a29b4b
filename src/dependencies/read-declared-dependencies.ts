import path from 'node:path';

import { readTextFile } from '../checkout/text-file.ts';
import { DevsetupError } from '../core/errors.ts';

/**
 * The `[project] dependencies` of the pyproject.toml files among these (PEP 621): pip has no option that reads them without
 * building the project, which a Django site seldom supports.
 */
export const readDeclaredDependencies = async (files: readonly string[]): Promise<readonly string[]> => {
  const manifests = files.filter((file) => path.basename(file) === 'pyproject.toml');
  if (manifests.length === 0) return [];
  const { parse } = await import('smol-toml');
  const lists = await Promise.all(
    manifests.map(async (file) => {
      try {
        const { project } = parse((await readTextFile(file))?.text ?? '');
        const dependencies =
          typeof project === 'object' && project !== null && 'dependencies' in project ? project.dependencies : [];
        return Array.isArray(dependencies) ? dependencies.filter((entry) => typeof entry === 'string') : [];
      } catch (cause) {
        throw new DevsetupError({
          code: 'PYPROJECT_INVALID',
          message: `${file} cannot be read: ${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}`,
          hint: 'Correct the file.',
          cause,
        });
      }
    }),
  );
  return lists.flat();
};
