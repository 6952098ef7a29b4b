import { DevsetupError } from '../core/errors.ts';
import type { RunCommand } from '../process/run-command.ts';

export interface DockerPlace {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly runCommand: RunCommand;
  readonly signal: AbortSignal;
}

export interface FoundContainer {
  readonly id: string;
  /** Its service in a compose project, else its own name. */
  readonly name: string;
  readonly isRunning: boolean;
  /** The compose project that it belongs to; null: none. */
  readonly project: string | null;
  /** The devcontainer.json that it was created from; null: it is another container of the compose project. */
  readonly config: string | null;
}

/** Runs docker; its output, or null where it failed. */
export const askDocker = async (place: DockerPlace, ...args: readonly string[]): Promise<string | null> => {
  const { directory, env, runCommand, signal } = place;
  const { exitCode, stdout } = await runCommand({ program: 'docker', args, directory, env }, { signal });
  return exitCode === 0 ? stdout.trim() : null;
};

const LABELS = ['com.docker.compose.project', 'com.docker.compose.service', 'devcontainer.config_file'];
const FORMAT = [
  '{{.Id}}',
  '{{.State.Running}}',
  '{{.Name}}',
  ...LABELS.map((label) => `{{index .Config.Labels "${label}"}}`),
].join('\t');

/**
 * Asks in two steps: `docker ps` of Podman knows no labels in a format.
 *
 * @throws ENGINE_UNREADABLE, so that a question that failed does not look like no container
 */
export const list = async (place: DockerPlace, label: string): Promise<readonly FoundContainer[]> => {
  const ids = await askDocker(place, 'ps', '--all', '--no-trunc', '--quiet', '--filter', `label=${label}`);
  if (ids === null) throw unreadable('ps');
  if (ids === '') return [];
  const printed = await askDocker(place, 'inspect', '--format', FORMAT, ...ids.split('\n'));
  if (printed === null) throw unreadable('inspect');
  return printed.split('\n').map((line) => {
    const [id = '', isRunning, name = '', project, service, config] = line.split('\t');
    return {
      id,
      isRunning: isRunning === 'true',
      project: project || null,
      name: service || name.replace('/', ''),
      config: config || null,
    };
  });
};

const unreadable = (command: string): DevsetupError =>
  new DevsetupError({
    code: 'ENGINE_UNREADABLE',
    message: `docker ${command} failed, so the containers of this checkout are not known.`,
    hint: 'Try `docker ps --all`, which prints the reason.',
  });

/** Names, for one condition. */
export const listOf = async (
  kind: 'volume' | 'network',
  filter: string,
  place: DockerPlace,
): Promise<readonly string[]> =>
  ((await askDocker(place, kind, 'ls', '--filter', filter, '--format', '{{.Name}}')) ?? '')
    .split('\n')
    .filter((name) => name !== '');

/** The containers that the dev container program made for this checkout, or for one of its devcontainer.json files: it labels each with both. */
export const findDevContainers = async (
  root: string,
  place: DockerPlace,
  file?: string,
): Promise<readonly FoundContainer[]> =>
  (await list(place, `devcontainer.local_folder=${root}`)).filter(
    ({ config }) => file === undefined || config === file,
  );

/** Those containers, and those of their compose projects. */
export const findContainers = async (
  root: string,
  place: DockerPlace,
  file?: string,
): Promise<readonly FoundContainer[]> => {
  const own = await findDevContainers(root, place, file);
  const projects = [...new Set(own.flatMap(({ project }) => project ?? []))];
  const others = await Promise.all(projects.map((project) => list(place, `com.docker.compose.project=${project}`)));
  return [...new Map([...own, ...others.flat()].map((one) => [one.id, one])).values()];
};
