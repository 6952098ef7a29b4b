import { randomUUID } from 'node:crypto';
import path from 'node:path';

import { DevsetupError } from '../core/errors.ts';
import { findDevContainers } from './find-containers.ts';
import { openPlace } from './open-place.ts';
import { verifyEngine, type EngineFacts } from './verify-engine.ts';

export interface ExecInside extends Omit<EngineFacts, 'directory' | 'needsCompose'> {
  readonly root: string;
  readonly cwd: string;
  /** `--dev-container` */
  readonly devContainer: string | undefined;
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

/** What runs inside inherits it, so it can be found again from outside. */
const MARK = 'DEVSETUP_EXEC_ID';

/**
 * Passes a signal to what carries the mark, as far as its parent does not: that passes it on. Then waits for all of it to end, and ends it by
 * force after some seconds; SIGINT alone may have another meaning, so after it nothing is awaited.
 */
const END_SCRIPT = `marked() { grep -lsF "$1" /proc/[0-9]*/environ | cut -d / -f 3; }
found=$(marked "$1")
for pid in $found; do
  parent=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status")
  case " "$found" " in *[[:space:]]"$parent"[[:space:]]*) ;; *) kill "-$2" "$pid" ;; esac
done
if [ "$2" = INT ]; then exit; fi
for _ in 1 2 3 4 5; do
  if [ -z "$(marked "$1")" ]; then exit; fi
  sleep 1
done
kill -KILL $(marked "$1")`;

/** More than the script waits. */
const END_SECONDS = 20;

export interface InsideCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Passes a signal to the command in the container, which learns nothing of the end of the client that started it. */
  readonly pass: (signal: NodeJS.Signals) => Promise<unknown>;
}

/**
 * What runs a command in the dev container of a checkout, in the folder that is the current one on the host.
 *
 * @throws CONTAINER_NOT_RUNNING, and what `openPlace` and `verifyEngine` throw
 */
export const execInside = async (options: ExecInside): Promise<InsideCommand> => {
  const { root, cwd, flags, words } = options;
  const engine = { ...options, directory: root };
  const { container, cli, place } = await openPlace(root, options.devContainer, engine);
  await verifyEngine({ ...engine, needsCompose: false });
  const containers = await findDevContainers(root, engine, container.file);
  if (!containers.some(({ isRunning }) => isRunning)) {
    throw new DevsetupError({
      code: 'CONTAINER_NOT_RUNNING',
      message: `The dev container of ${root} ${containers.length === 0 ? 'does not exist' : 'is stopped'}.`,
      hint: 'Start it: npx devsetup up',
    });
  }
  const folder = path.relative(root, cwd);
  const isInside = !folder.startsWith('..') && !path.isAbsolute(folder);
  const script = ['sh', '-c', SCRIPT, 'devsetup', isInside ? folder : '', ...flags, '--', ...words];
  const mark = `${MARK}=${randomUUID()}`;
  const { program } = cli;
  const exec = [...cli.args, 'exec', ...place];
  return {
    program,
    args: [...exec, '--remote-env', mark, ...script],
    pass: (signal) =>
      options.runCommand(
        {
          program,
          args: [...exec, 'sh', '-c', END_SCRIPT, 'devsetup', mark, signal.slice('SIG'.length)],
          directory: root,
          env: options.env,
        },
        { timeoutSeconds: END_SECONDS },
      ),
  };
};
