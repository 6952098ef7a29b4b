import { DevsetupError, ExitCode, isDevsetupError } from '../core/errors.ts';
import { DOWN_SCHEMA_VERSION, type DownReport } from '../core/down-report.ts';
import { findDevContainer, listDevContainers } from '../devcontainer/dev-container.ts';
import { chooseDevContainer } from './choose-dev-container.ts';
import { findContainers, listOf, type DockerPlace, type FoundContainer } from './find-containers.ts';
import { findProjects, findVolumes } from './find-volumes.ts';
import { verifyEngine } from './verify-engine.ts';

export interface DownOptions {
  readonly root: string;
  /** `--dev-container`; undefined: all that the checkout has. */
  readonly devContainer?: string | undefined;
  /** The containers go, with all that is in them and in no volume. */
  readonly remove: boolean;
  /** So do their volumes, also where the containers are removed already. */
  readonly deleteVolumes: boolean;
}

export interface DownServices extends Omit<DockerPlace, 'directory'> {
  readonly platform: string;
  readonly version: string;
  /** Asks about the volumes to delete; null: it runs without a terminal and without `--yes`. */
  readonly confirm: ((volumes: readonly string[]) => Promise<boolean>) | null;
}

type Done = Pick<DownReport, 'stopped' | 'removed' | 'volumes'>;

/** Stops the dev container of a checkout with the rest of its compose project, and removes them if wanted. Never throws for what is expected. */
export const takeDown = async (options: DownOptions, services: DownServices): Promise<DownReport> => {
  let done: Done = { stopped: [], removed: [], volumes: { kept: [], deleted: [] } };
  let error: DevsetupError | null = null;
  let isDeclined = false;
  const { confirm } = services;
  const ask = async (volumes: readonly string[]): Promise<boolean> => {
    isDeclined = !(await confirm?.(volumes));
    return !isDeclined;
  };
  try {
    const asking = { ...services, confirm: confirm === null ? null : ask };
    await take(options, asking, (more) => (done = { ...done, ...more }));
  } catch (failure) {
    if (!isDevsetupError(failure)) throw failure;
    error = failure;
  }
  const { aborted } = services.signal;
  const isDone = [done.stopped, done.removed, done.volumes.deleted].some((names) => names.length > 0);
  const outcome =
    error !== null ? 'failed' : isDeclined ? 'declined' : isDone ? ('done' as const) : ('unchanged' as const);
  return {
    schemaVersion: DOWN_SCHEMA_VERSION,
    command: 'down',
    version: services.version,
    project: options.root,
    outcome: aborted ? 'interrupted' : outcome,
    exitCode: aborted ? ExitCode.interrupted : (error?.exitCode ?? (isDeclined ? ExitCode.failed : ExitCode.done)),
    ...done,
    error:
      error === null
        ? null
        : { code: error.code, message: error.message, hint: error.hint ?? null, output: error.output },
  };
};

const take = async (
  { root, devContainer, remove, deleteVolumes }: DownOptions,
  services: DownServices,
  tell: (done: Partial<Done>) => void,
): Promise<void> => {
  const place = { ...services, directory: root };
  const all = await listDevContainers(root);
  const chosen =
    devContainer === undefined
      ? undefined
      : chooseDevContainer({ root, files: all, asked: devContainer, existing: [] });
  await verifyEngine({ ...place, needsCompose: false });
  const containers = await findContainers(root, place, chosen);
  const files = chosen === undefined ? all : [chosen];
  const devContainers = (await Promise.all(files.map((file) => findDevContainer(root, file)))).filter(
    (one) => one !== undefined,
  );
  const projects = await findProjects(root, devContainers, containers, place);
  const volumes = await findVolumes(root, devContainers, projects, place);
  if (deleteVolumes && volumes.length > 0) {
    if (services.confirm === null) throw unconfirmed(volumes);
    if (!(await services.confirm(volumes))) return tell({ volumes: { kept: volumes, deleted: [] } });
  }
  tell({ volumes: { kept: volumes, deleted: [] } });
  const running = containers.filter(({ isRunning }) => isRunning);
  if (running.length > 0) await run(place, ['stop', ...running.map(({ id }) => id)]);
  tell({ stopped: namesOf(running) });
  if (!remove && !deleteVolumes) return;
  if (containers.length > 0) await run(place, ['rm', ...containers.map(({ id }) => id)]);
  tell({ removed: namesOf(containers) });
  const label = (project: string): string => `label=com.docker.compose.project=${project}`;
  const networks = (await Promise.all(projects.map((project) => listOf('network', label(project), place)))).flat();
  if (networks.length > 0) await run(place, ['network', 'rm', ...networks]);
  if (!deleteVolumes || volumes.length === 0) return;
  await run(place, ['volume', 'rm', ...volumes]);
  tell({ volumes: { kept: [], deleted: volumes } });
};

const namesOf = (containers: readonly FoundContainer[]): readonly string[] => containers.map(({ name }) => name);

const MOST_LINES = 20;

const run = async (place: DockerPlace, args: readonly string[]): Promise<void> => {
  const { directory, env, runCommand, signal } = place;
  const { exitCode, tail, aborted } = await runCommand({ program: 'docker', args, directory, env }, { signal });
  if (exitCode === 0) return;
  throw new DevsetupError({
    code: aborted ? 'INTERRUPTED' : 'CONTAINER_NOT_REMOVED',
    message: `docker ${args.slice(0, args[0] === 'stop' || args[0] === 'rm' ? 1 : 2).join(' ')} failed.`,
    hint: '`npx devsetup down` continues where it stopped.',
    output: tail.trim().split('\n').slice(-MOST_LINES),
  });
};

const unconfirmed = (volumes: readonly string[]): DevsetupError =>
  new DevsetupError({
    code: 'CONFIRMATION_MISSING',
    message: `--delete-volumes deletes ${volumes.join(', ')}, and the database with them, and there is no terminal to ask.`,
    hint: 'Add --yes if that is what you want. Without --delete-volumes the data stays.',
    exitCode: ExitCode.usage,
  });
