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
}

/** Runs docker; its output, or null where it failed. */
export const askDocker = async (place: DockerPlace, ...args: readonly string[]): Promise<string | null> => {
  const { directory, env, runCommand, signal } = place;
  const { exitCode, stdout } = await runCommand({ program: 'docker', args, directory, env }, { signal });
  return exitCode === 0 ? stdout.trim() : null;
};

const FORMAT =
  '{{.ID}}\t{{.State}}\t{{.Label "com.docker.compose.project"}}\t{{.Label "com.docker.compose.service"}}\t{{.Names}}';

const list = async (place: DockerPlace, label: string): Promise<readonly FoundContainer[]> => {
  const printed = await askDocker(place, 'ps', '--all', '--no-trunc', '--filter', `label=${label}`, '--format', FORMAT);
  return (printed ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', state, project = '', service = '', name = ''] = line.split('\t');
      return { id, isRunning: state === 'running', project: project || null, name: service || name };
    });
};

/** The container that the dev container program made for this checkout: it labels each with the folder. */
export const findContainer = async (root: string, place: DockerPlace): Promise<FoundContainer | undefined> => {
  const found = await list(place, `devcontainer.local_folder=${root}`);
  return found.find(({ isRunning }) => isRunning) ?? found[0];
};

/** That container, and those of its compose project. */
export const findContainers = async (root: string, place: DockerPlace): Promise<readonly FoundContainer[]> => {
  const own = await list(place, `devcontainer.local_folder=${root}`);
  const projects = [...new Set(own.flatMap(({ project }) => project ?? []))];
  const others = await Promise.all(projects.map((project) => list(place, `com.docker.compose.project=${project}`)));
  return [...new Map([...own, ...others.flat()].map((one) => [one.id, one])).values()];
};
