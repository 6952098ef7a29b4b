import { findFrontends } from '../../project/find-frontends.ts';
import type { Frontend } from '../../project/types.ts';
import type { CheckContext } from '../context.ts';

/** The frontends, also where there is no backend to make a project of. */
export const frontendsOf = async ({ project, root, config, backend }: CheckContext): Promise<readonly Frontend[]> => {
  if (project !== null) return project.frontends;
  try {
    return await findFrontends({ root, config, backendDirectory: backend?.directory ?? root });
  } catch {
    // Configuration names one that is not there: the check of the checkout says so.
    return [];
  }
};
