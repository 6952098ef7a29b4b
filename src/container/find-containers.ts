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

const FORMAT =
  '{{.ID}}\t{{.State}}\t{{.Label "com.docker.compose.project"}}\t{{.Label "com.docker.compose.service"}}\t{{.Names}}\t{{.Label "devcontainer.config_file"}}';

export const list = async (place: DockerPlace, label: string): Promise<readonly FoundContainer[]> => {
  const printed = await askDocker(place, 'ps', '--all', '--no-trunc', '--filter', `label=${label}`, '--format', FORMAT);
  return (printed ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', state, project, service, name = '', config] = line.split('\t');
      return {
        id,
        isRunning: state === 'running',
        project: project || null,
        name: service || name,
        config: config || null,
      };
    });
};

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
