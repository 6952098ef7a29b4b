import path from 'node:path';

import { DevsetupError } from '../core/errors.ts';
import { findContainer } from './find-containers.ts';
import { openPlace } from './open-place.ts';
import { verifyEngine, type EngineFacts } from './verify-engine.ts';

export interface ExecInside extends Omit<EngineFacts, 'directory' | 'needsCompose'> {
  readonly root: string;
  readonly cwd: string;
  /** For devsetup in the container. */
  readonly flags: readonly string[];
  readonly words: readonly string[];
}

/** Where devsetup is installed in the container, the command gets the project's environment from it. */
const SCRIPT = `cd "./$1" || exit
shift
own=$OLDPWD/node_modules/.bin/devsetup
if [ -x "$own" ]; then exec "$own" exec "$@"; fi
if command -v devsetup >/dev/null; then exec devsetup exec "$@"; fi
if [ "$1" != -- ]; then echo "devsetup is not installed in the container, so it takes no $1." >&2; exit 2; fi
shift
exec "$@"`;

/**
 * The program and the words that run a command in the dev container of a checkout, in the folder that is the current one on the host.
 *
 * @throws CONTAINER_NOT_RUNNING, and what `verifyEngine` throws
 */
export const execInside = async (
  options: ExecInside,
): Promise<{ readonly program: string; readonly args: readonly string[] }> => {
  const { root, cwd, flags, words } = options;
  const { cli, place } = await openPlace(root);
  const engine = { ...options, directory: root };
  await verifyEngine({ ...engine, needsCompose: false });
  const container = await findContainer(root, engine);
  if (container?.isRunning !== true) {
    throw new DevsetupError({
      code: 'CONTAINER_NOT_RUNNING',
      message: `The dev container of ${root} ${container === undefined ? 'does not exist' : 'is stopped'}.`,
      hint: 'Start it: npx devsetup up',
    });
  }
  const folder = path.relative(root, cwd);
  const isInside = !folder.startsWith('..') && !path.isAbsolute(folder);
  const script = ['sh', '-c', SCRIPT, 'devsetup', isInside ? folder : '', ...flags, '--', ...words];
  return { program: cli.program, args: [...cli.args, 'exec', ...place, ...script] };
};
