import path from 'node:path';
import { readComposeProject } from './compose/compose-project.ts';
import { filterAsync, isFile, listNames } from './files.ts';

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

export const findComposeFiles = async ({ root, backendDirectory }: Places): Promise<readonly string[]> => {
  const directories = [...new Set([root, path.join(root, '.devcontainer'), backendDirectory])];
  const found = await Promise.all(
    directories.map(async (directory) =>
      (await listNames(directory)).filter(isComposeFile).map((name) => path.join(directory, name)),
    ),
  );
  return filterAsync(found.flat(), isFile);
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
