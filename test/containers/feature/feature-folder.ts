import { copyFile, cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { REPOSITORY } from '../../e2e/support/installed-package.ts';

/**
 * Copies the Feature, with the packed package in it, as somebody does who has no registry to take either from. For that, installsAfter
 * has to go: the dev container program asks the registry about Features named there even if the project has none of them.
 */
export const copyFeature = async (target: string, tarball: string): Promise<string> => {
  await cp(path.join(REPOSITORY, 'templates/feature/devsetup'), target, { recursive: true });
  await copyFile(tarball, path.join(target, 'devsetup.tgz'));
  const file = path.join(target, 'devcontainer-feature.json');
  const { installsAfter: _, ...manifest } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, JSON.stringify(manifest));
  return target;
};
