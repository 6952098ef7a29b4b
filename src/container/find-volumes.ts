import { createHash } from 'node:crypto';
import path from 'node:path';

import type { DevContainer } from '../devcontainer/dev-container.ts';
import { findText } from '../project/files.ts';
import { mergeComposeFiles } from '../project/compose/compose-project.ts';
import { asText } from '../project/compose/parse-compose-file.ts';
import { list, listOf, type DockerPlace, type FoundContainer } from './find-containers.ts';

/**
 * The compose projects of these dev containers: those that the labels of their containers name, and, since the labels are gone with removed
 * containers, those that their files name. A project that another checkout with the same name has containers in is left out.
 */
export const findProjects = async (
  root: string,
  devContainers: readonly DevContainer[],
  containers: readonly FoundContainer[],
  place: DockerPlace,
): Promise<readonly string[]> => {
  const own = containers.flatMap(({ project }) => project ?? []);
  const configured = await Promise.all(devContainers.map((one) => projectOf(root, one, place.env)));
  const unused = await Promise.all(
    configured
      .filter((project) => project !== null && !own.includes(project))
      .map(async (project) =>
        (await list(place, `com.docker.compose.project=${project}`)).length === 0 ? project : null,
      ),
  );
  return [...new Set([...own, ...unused.filter((project) => project !== null)])];
};

/** Names of the volumes that compose created for these projects, and of those with the id of a dev container in their name. */
export const findVolumes = async (
  root: string,
  devContainers: readonly Pick<DevContainer, 'file'>[],
  projects: readonly string[],
  place: DockerPlace,
): Promise<readonly string[]> => {
  const filters = [
    ...projects.map((project) => `label=com.docker.compose.project=${project}`),
    ...devContainers.map(({ file }) => `name=${idOf(root, file)}`),
  ];
  const found = await Promise.all(filters.map((filter) => listOf('volume', filter, place)));
  return [...new Set(found.flat())];
};

/** `${devcontainerId}`, as the specification computes it. */
export const idOf = (root: string, file: string): string => {
  const labels = JSON.stringify({ 'devcontainer.config_file': file, 'devcontainer.local_folder': root });
  const digest = createHash('sha256').update(labels).digest('hex');
  return BigInt(`0x${digest}`).toString(32).padStart(52, '0');
};

/** The name that the dev container program gives the compose project; null: there is none, or only compose itself knows it. */
export const projectOf = async (
  root: string,
  { composeFiles }: Pick<DevContainer, 'composeFiles'>,
  env: Readonly<Record<string, string>>,
): Promise<string | null> => {
  const [first] = composeFiles;
  if (first === undefined) return null;
  const folder = path.dirname(first);
  const named = await Promise.all([root, folder].map(readProjectName));
  const { others } = await mergeComposeFiles({ root, files: composeFiles });
  const usual =
    folder === path.join(root, '.devcontainer') ? `${path.basename(root)}_devcontainer` : path.basename(folder);
  const name = [env['COMPOSE_PROJECT_NAME'], ...named, asText(others['name'])].find(Boolean) ?? usual;
  return name.includes('$') ? null : name.toLowerCase().replaceAll(/[^-_a-z0-9]/g, '');
};

const readProjectName = async (folder: string): Promise<string | undefined> =>
  /^COMPOSE_PROJECT_NAME=(.+)$/m.exec((await findText(path.join(folder, '.env'))) ?? '')?.[1]?.trim();
