import { docker, dockerList } from './docker.ts';

const COMPOSE_PROJECT = 'com.docker.compose.project';

/** Everything of these compose projects: containers, volumes, networks; and the images built for them, whose names hold theirs. */
export const removeProjects = async (isOurs: (project: string) => boolean): Promise<void> => {
  const label = `{{.Label "${COMPOSE_PROJECT}"}}`;
  const ours = async (...list: readonly string[]): Promise<readonly string[]> =>
    (await dockerList(...list, '--filter', `label=${COMPOSE_PROJECT}`, '--format', `{{.ID}} ${label}`))
      .map((line) => line.split(' '))
      .filter(([, project = '']) => isOurs(project))
      .map(([id = '']) => id);
  const containers = await ours('ps', '--all');
  if (containers.length > 0) await docker('rm', '--force', '--volumes', ...containers);
  const networks = await ours('network', 'ls');
  if (networks.length > 0) await docker('network', 'rm', ...networks);
  const volumes = await dockerList(
    'volume',
    'ls',
    '--filter',
    `label=${COMPOSE_PROJECT}`,
    '--format',
    `{{.Name}} ${label}`,
  );
  const named = volumes.map((line) => line.split(' ')).filter(([, project = '']) => isOurs(project));
  if (named.length > 0) await docker('volume', 'rm', ...named.map(([name = '']) => name));
};

/** Images whose name holds the text; layers that nothing else uses go with them. */
export const removeImages = async (namePart: string): Promise<void> => {
  const images = (await dockerList('images', '--format', '{{.Repository}}:{{.Tag}}')).filter((name) =>
    name.includes(namePart),
  );
  if (images.length > 0) await docker('rmi', '--force', ...images);
};
