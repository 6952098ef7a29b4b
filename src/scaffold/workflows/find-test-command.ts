import path from 'node:path';

import { findText } from '../../project/files.ts';
import type { Finding } from '../look/finding.ts';
import { folder } from '../look/look-at-repository.ts';

/** Files that configure pytest, with what in them says so. */
const PYTEST: readonly (readonly [string, RegExp])[] = [
  ['pytest.ini', /^/],
  ['pytest.toml', /^/],
  ['pyproject.toml', /^\[tool\.pytest\b/m],
  ['setup.cfg', /^\[tool:pytest\]/m],
  ['tox.ini', /^\[pytest\]/m],
];

/** pytest where the backend, or the root, configures it. */
export const findTestCommand = async (root: string, backendDirectory: string): Promise<Finding | undefined> => {
  for (const directory of new Set([backendDirectory, root])) {
    for (const [name, sign] of PYTEST) {
      const file = path.join(directory, name);
      const text = await findText(file);
      if (text !== undefined && sign.test(text)) return { value: 'pytest', source: folder(root, file) };
    }
  }
  return undefined;
};
