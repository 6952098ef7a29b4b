import { DevsetupError } from '../core/errors.ts';
import { askDocker, findContainers, type DockerPlace } from './find-containers.ts';

export interface InterruptedStart {
  readonly root: string;
  /** Of its devcontainer.json, absolute. */
  readonly file: string;
  /** Ids of the stages that were reached. */
  readonly stages: readonly string[];
}

/** A container gets these seconds before it is stopped by force, and the engine as many to answer. */
const SECONDS = 5;

/**
 * What Ctrl-C leaves: as `docker compose up` does, what this start has started is stopped, since a lifecycle command in the container does
 * not end with the program that waits for it. The error says how the container is left.
 */
export const endInterrupted = async (
  { root, file, stages }: InterruptedStart,
  { directory, env, runCommand }: DockerPlace,
): Promise<DevsetupError> => {
  // The signal of the run is aborted, which would end these at once.
  const signal = AbortSignal.timeout(3 * SECONDS * 1000);
  const place: DockerPlace = { directory, env, runCommand, signal };
  const containers = await findContainers(root, place, file);
  const running = containers.filter(({ isRunning }) => isRunning);
  const isOwn = running.length > 0 && stages.includes('start');
  const ids = running.map(({ id }) => id);
  const isStopped = isOwn && (await askDocker(place, 'stop', '--time', String(SECONDS), ...ids)) !== null;
  const hook = stages.at(-1)?.endsWith('Command') === true ? stages.at(-1) : undefined;
  const when = hook === undefined ? '' : ` in the ${hook}`;
  const names = containers.map(({ name }) => name).join(', ');
  const state = isStopped || running.length === 0 ? 'stopped' : 'still running';
  const message =
    containers.length === 0
      ? 'The start of the container was interrupted before it was created.'
      : `The start of the container was interrupted${when}. It is ${state}: ${names}.`;
  const again = `\`npx devsetup up\` does not repeat the ${hook} for this container. To create it again: \`npx devsetup up --rebuild\`. Volumes are kept.`;
  return new DevsetupError({
    code: 'INTERRUPTED',
    message,
    hint: hook !== undefined && ONCE.has(hook) ? again : '`npx devsetup up` continues.',
  });
};

const ONCE: ReadonlySet<string> = new Set(['onCreateCommand', 'updateContentCommand', 'postCreateCommand']);
