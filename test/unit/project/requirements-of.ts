import path from 'node:path';
import type { BackendConfig } from '../../../src/config/config.ts';
import { DEFAULTS } from '../../../src/config/defaults.ts';
import { findRequirements } from '../../../src/project/find-requirements.ts';
import type { Requirements } from '../../../src/project/types.ts';
import { makeTree, type Tree } from './make-tree.ts';

/** What is found for a backend in this folder of these files. Configured files are relative to the root. */
export const requirementsOf = async (
  tree: Tree,
  backend: string,
  config: Partial<BackendConfig> = {},
): Promise<{ root: string; found: Requirements | null }> => {
  const root = await makeTree({ ...tree, [path.join(backend, 'manage.py')]: 'django' });
  const at = (file: string): string => path.join(root, file);
  const requirements = config.requirements?.map(at) ?? null;
  const merged = { ...DEFAULTS, backend: { ...DEFAULTS.backend, ...config, requirements } };
  return { root, found: await findRequirements({ root, config: merged, backendDirectory: path.join(root, backend) }) };
};
