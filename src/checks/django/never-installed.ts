import type { Config } from '../../config/config.ts';
import type { DevsetupError } from '../../core/errors.ts';
import type { Project } from '../../project/types.ts';
import type { StateStore } from '../../state/state-store.ts';
import { whyNotInstalled } from '../../steps/backend-dependencies.ts';

/** What comes of dependencies that were never installed. */
const OF_MISSING_DEPENDENCIES = new Set(['PYTHON_MISSING', 'DJANGO_MISSING']);

/** The finding by which the step that installs them says so already. */
export const DEPENDENCIES_NEEDED = 'backend-dependencies-needed';

/** Why the dependencies are to blame for a Django that does not start; undefined: they are not. */
export const neverInstalled = async (
  error: DevsetupError,
  { project, ...checkout }: { readonly project: Project; readonly state: StateStore; readonly config: Config },
): Promise<string | undefined> => {
  const { requirements, python } = project.backend;
  if (requirements === null || !OF_MISSING_DEPENDENCIES.has(error.code)) return undefined;
  return whyNotInstalled({ project, ...checkout }, requirements, python);
};
