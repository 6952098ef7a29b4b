import path from 'node:path';
import { shellWord } from '../core/shell-word.ts';
import { readComposeProject, type ComposeProject } from './compose/compose-project.ts';
import { filterAsync, findText, isFile, isInside, listNames, shown } from './files.ts';
import { isSecondary, listFolders } from './list-folders.ts';

/** A name by which containers of this compose project reach one of its services. */
export interface ComposeService {
  /** The service's name, or another name it has in the network: container name, host name, alias. */
  readonly name: string;
  readonly image: string | null;
  readonly isPostgres: boolean;
  readonly publishedPorts: readonly { readonly host: number; readonly container: number }[];
  /** Starts it, typed at the root: `docker compose -f local.yml up -d db`. */
  readonly up: string;
  /** The words of it behind `docker`. */
  readonly upArguments: readonly string[];
}

export interface ComposeFiles {
  readonly services: readonly ComposeService[];
  /** Files that could not be understood. */
  readonly warnings: readonly string[];
}

interface Places {
  readonly root: string;
  readonly backendDirectory: string;
}

const isComposeFile = (name: string): boolean => /^(?:docker-)?compose(?:[-._].*)?\.ya?ml$/i.test(name);
/** Files that are not for development on this machine. */
export const ELSEWHERE = /prod|stag|live|deploy|test|ci$|(?<![a-z])aws(?![a-z])/i;
const MAY_BE_COMPOSE = /(?<![-.]lock)\.ya?ml$/i;

/** Services by name, with what makes them ones of compose: those of other tools, such as GitLab, are lists, or have nothing of that. */
const holdsServices = (text: string): boolean => {
  const at = text.search(/^services:[ \t]*(?:#.*)?\r?$/m);
  const services = at === -1 ? '' : text.slice(at);
  const isByName = /^services:.*\n(?:[ \t]*(?:#.*)?\r?\n)*[ \t]+["']?[\w.-]+["']?:/.test(services);
  return isByName && /^[ \t]+(?:image|build|extends):/m.test(services);
};

/**
 * Those of the usual names, and files of other names (`local.yml`) that hold services, unless they are not for development.
 * Where the root, `.devcontainer/` and the backend with the folders around it have none, those in folders of the root (`docker/`).
 */
export const findComposeFiles = async ({ root, backendDirectory }: Places): Promise<readonly string[]> => {
  const directories = [...new Set([root, path.join(root, '.devcontainer'), ...pathTo(root, backendDirectory)])];
  const found = await composeFilesIn(directories);
  if (found.length > 0) return found;
  const folders = [...(await listFolders(root)), path.join(root, '.docker')].filter(
    (folder) => !isSecondary(path.basename(folder)) && !ELSEWHERE.test(folder),
  );
  return composeFilesIn(folders);
};

/** The folders from below the root down to this one. */
const pathTo = (root: string, directory: string): readonly string[] =>
  directory !== root && isInside(root, directory) ? [...pathTo(root, path.dirname(directory)), directory] : [];

const composeFilesIn = async (directories: readonly string[]): Promise<readonly string[]> => {
  const listed = await Promise.all(
    directories.map(async (directory) => (await listNames(directory)).map((name) => path.join(directory, name))),
  );
  const files = listed.flat();
  const others = files.filter(
    (file) =>
      !isComposeFile(path.basename(file)) && MAY_BE_COMPOSE.test(file) && !ELSEWHERE.test(path.parse(file).name),
  );
  const found = await filterAsync(others, async (file) => holdsServices((await findText(file)) ?? ''));
  return [
    ...(await filterAsync(
      files.filter((file) => isComposeFile(path.basename(file))),
      isFile,
    )),
    ...found,
  ];
};

/** Reads the compose files of a checkout (`findComposeFiles`). One that cannot be understood is a warning. */
export const readComposeFiles = async (places: Places): Promise<ComposeFiles> => {
  const { root } = places;
  const project = await readComposeProject({ root, files: await findComposeFiles(places) });
  return {
    services: await namedServices(root, project),
    warnings: project.broken.map(({ place, reason }) => `${place.file} is not valid YAML and was left out: ${reason}`),
  };
};

/** A service once for each of its names. */
export const namedServices = async (
  root: string,
  { files, services }: ComposeProject,
): Promise<readonly ComposeService[]> => {
  const options = await optionsByFile(root, files);
  return services.flatMap(({ name, otherNames, image, ports, place }) =>
    [name, ...otherNames].map((known) => ({
      name: known,
      image,
      // An image that is built here may be one.
      isPostgres: image === null ? /^(?:db|database|pg|postgres(?:ql)?)$/i.test(name) : isPostgresImage(image),
      publishedPorts: ports,
      ...upCommand(options.get(place.file) ?? [], name),
    })),
  );
};

const upCommand = (files: readonly string[], name: string): Pick<ComposeService, 'up' | 'upArguments'> => {
  const upArguments = ['compose', ...files.flatMap((file) => ['-f', file]), 'up', '-d', name];
  return { up: ['docker', ...upArguments.map(shellWord)].join(' '), upArguments };
};

const POSTGRES_IMAGE =
  /(?:^|\/)(?:postgres|postgresql|postgis|pgvector|timescaledb(?:-ha)?|alpine-postgres|spilo[\w-]*)(?::[^/]*)?(?:@.*)?$/i;

/** The tag may be a variable. */
export const isPostgresImage = (image: string): boolean =>
  POSTGRES_IMAGE.test(image.replaceAll(/\$\{[^}]*\}|\$\w+/g, 'x'));

/** Compose takes the first of these by itself, with its override, and from the folder it is started in. */
const TAKEN = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
const OVERRIDE = /^(?:docker-)?compose\.override\.ya?ml$/;

/** By file as shown: the files that compose has to be given to take it. A file that adds to another one (`build` and `image` are there) needs both. */
const optionsByFile = async (
  root: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const defaultIn = (directory: string): string | undefined =>
    TAKEN.map((name) => path.join(directory, name)).find((file) => files.includes(file));
  const optionsFor = async (file: string): Promise<readonly string[]> => {
    const base = defaultIn(path.dirname(file));
    const isTaken = file === base || (base !== undefined && OVERRIDE.test(path.basename(file)));
    if (isTaken && path.dirname(file) === root) return [];
    const { services } = await readComposeProject({ root, files: [file] });
    const isWhole = services.every(({ image, build }) => image !== null || build !== null);
    const named = isTaken || (base !== undefined && !isWhole) ? [...new Set([base, file])] : [file];
    return named.map((each) => shown(root, each ?? file));
  };
  return new Map(await Promise.all(files.map(async (file) => [shown(root, file), await optionsFor(file)] as const)));
};

/** The services alone, for callers that show no warnings. */
export const readComposeServices = async (places: Places): Promise<readonly ComposeService[]> =>
  (await readComposeFiles(places)).services;
