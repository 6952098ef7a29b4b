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

/** The containers without compose that the dev container program made for folders below this one, with the volumes of the embedded server. */
export const removeContainers = async (root: string): Promise<void> => {
  const label = 'devcontainer.local_folder';
  const format = `{{.ID}} {{.Label "${label}"}}`;
  const found = await dockerList('ps', '--all', '--filter', `label=${label}`, '--format', format);
  const ids = found.filter((line) => line.includes(` ${root}/`)).map((line) => line.split(' ')[0] ?? '');
  if (ids.length === 0) return;
  const mounts = '{{range .Mounts}}{{if eq .Type "volume"}}{{println .Name}}{{end}}{{end}}';
  const volumes = await dockerList('inspect', '--format', mounts, ...ids);
  await docker('rm', '--force', '--volumes', ...ids);
  const own = volumes.filter((name) => name.startsWith('devsetup-'));
  if (own.length > 0) await docker('volume', 'rm', '--force', ...own);
};

/** Images whose name holds the text; layers that nothing else uses go with them. */
export const removeImages = async (namePart: string): Promise<void> => {
  const images = (await dockerList('images', '--format', '{{.Repository}}:{{.Tag}}')).filter((name) =>
    name.includes(namePart),
  );
  if (images.length > 0) await docker('rmi', '--force', ...images);
};
