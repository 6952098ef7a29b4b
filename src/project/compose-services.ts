import path from 'node:path';
import { readComposeProject } from './compose/compose-project.ts';
import { filterAsync, findText, isFile, listNames } from './files.ts';

/** A name by which containers of this compose project reach one of its services. */
export interface ComposeService {
  /** The service's name, or another name it has in the network: container name, host name, alias. */
  readonly name: string;
  readonly image: string | null;
  readonly publishedPorts: readonly { readonly host: number; readonly container: number }[];
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
export const ELSEWHERE = /prod|stag|live|deploy|test|ci$/i;
const MAY_BE_COMPOSE = /(?<![-.]lock)\.ya?ml$/i;

/** Services by name, with what makes them ones of compose: those of other tools, such as GitLab, are lists, or have nothing of that. */
const holdsServices = (text: string): boolean => {
  const at = text.search(/^services:[ \t]*(?:#.*)?\r?$/m);
  const services = at === -1 ? '' : text.slice(at);
  const isByName = /^services:.*\n(?:[ \t]*(?:#.*)?\r?\n)*[ \t]+["']?[\w.-]+["']?:/.test(services);
  return isByName && /^[ \t]+(?:image|build|extends):/m.test(services);
};

/** Those of the usual names, and files of other names (`local.yml`) that hold services, unless they are not for development. */
export const findComposeFiles = async ({ root, backendDirectory }: Places): Promise<readonly string[]> => {
  const directories = [...new Set([root, path.join(root, '.devcontainer'), backendDirectory])];
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

/** Reads the compose files of the root, `.devcontainer/` and the backend. One that cannot be understood is a warning. */
export const readComposeFiles = async (places: Places): Promise<ComposeFiles> => {
  const { root } = places;
  const { services, broken } = await readComposeProject({ root, files: await findComposeFiles(places) });
  return {
    services: services.flatMap(({ name, otherNames, image, ports }) =>
      [name, ...otherNames].map((known) => ({ name: known, image, publishedPorts: ports })),
    ),
    warnings: broken.map(({ place, reason }) => `${place.file} is not valid YAML and was left out: ${reason}`),
  };
};

/** The services alone, for callers that show no warnings. */
export const readComposeServices = async (places: Places): Promise<readonly ComposeService[]> =>
  (await readComposeFiles(places)).services;
