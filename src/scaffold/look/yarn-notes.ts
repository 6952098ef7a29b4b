import path from 'node:path';

import { findPackageManager } from '../../project/find-package-manager.ts';
import { findText } from '../../project/files.ts';
import { findPackageJson } from '../../project/read-package-json.ts';

/** What Yarn 2 and later need beside the template; [] for the others. */
export const findYarnNotes = async (root: string): Promise<readonly string[]> => {
  const manifest = await findPackageJson(root);
  if (manifest === undefined) return [];
  const { tool, toolVersion } = await findPackageManager(root, manifest, null);
  if (tool !== 'yarn' || toolVersion === null || toolVersion === '1') return [];
  return yarnNotes((await findText(path.join(root, '.yarnrc.yml'))) ?? '');
};

export const yarnNotes = (settings: string): readonly string[] => [
  ...(/^nodeLinker:\s*["']?(?:node-modules|pnpm)\b/m.test(settings)
    ? []
    : [
        'Yarn installs without node_modules here, where npx finds no devsetup: set "nodeLinker: node-modules" in .yarnrc.yml.',
      ]),
  ...(/^yarnPath:/m.test(settings)
    ? []
    : [
        'The image brings Yarn 1, which starts the one that .yarnrc.yml names: "yarn set version stable" puts it there.',
      ]),
];
