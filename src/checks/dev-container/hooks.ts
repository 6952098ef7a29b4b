import { defineCheck, problemsOr } from '../../core/check.ts';
import { followHooks } from '../../devcontainer/follow-hooks.ts';
import { findRootPackageManager } from '../../project/find-package-manager.ts';
import type { CheckContext } from '../context.ts';
import { judgeHooks, type HookCode } from './judge-hooks.ts';
import { openDevContainer } from './open-dev-container.ts';

/** A new container is set up, and one that is started again is mended where that went wrong. */
export const hooks = defineCheck<CheckContext, HookCode>({
  id: 'devcontainer-hooks',
  group: 'dev-container',
  title: 'Commands of the dev container',
  findings: {
    'devcontainer-without-devsetup': 'warning',
    'devsetup-may-be-fetched': 'warning',
    'devcontainer-start-does-not-heal': 'warning',
  },
  run: async (context) => {
    const found = await openDevContainer(context);
    const followed = await followHooks(found, context.root);
    const { root } = context;
    const packageManager = (await findRootPackageManager(root))?.tool ?? 'npm';
    return problemsOr(
      judgeHooks(found, followed, { root, packageManager }),
      followed.map(({ hook }) => hook).join(', '),
    );
  },
});
