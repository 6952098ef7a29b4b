import { get } from 'node:http';
import path from 'node:path';

import { shellWord } from '../core/shell-word.ts';
import type { Site } from '../core/up-report.ts';
import type { DevContainer } from '../devcontainer/dev-container.ts';
import { forwardedPort, POSTGRES_PORT } from '../devcontainer/publish-site.ts';
import { askDocker, type DockerPlace } from './find-containers.ts';

export interface SitePlaces {
  readonly cwd: string;
  /** Of manage.py; null: there is none, or several. */
  readonly backendDirectory: string | null;
  readonly container: Pick<DevContainer, 'properties' | 'name' | 'compose' | 'service'>;
  readonly containerId: string;
}

const ANSWER_MILLISECONDS = 2_000;

/** Where the site is, seen from the host, and what starts it. */
export const findSite = async (places: SitePlaces, place: DockerPlace): Promise<Site> => {
  const { cwd, backendDirectory, container, containerId } = places;
  const wanted = forwardedPort(container.properties['forwardPorts']);
  const network = (await askDocker(place, 'inspect', '--format', '{{.HostConfig.NetworkMode}}', containerId)) ?? '';
  // With `network_mode: service:db` the ports of the container are those of the other one.
  const owner = network.startsWith('container:') ? network.slice('container:'.length) : containerId;
  const published =
    network === 'host'
      ? [{ inside: wanted, outside: wanted }]
      : readPorts((await askDocker(place, 'port', owner)) ?? '');
  const found =
    published.find(({ inside }) => inside === wanted) ?? published.find(({ inside }) => inside !== POSTGRES_PORT);
  const start =
    backendDirectory === null ? null : startCommand(path.relative(cwd, backendDirectory), found?.inside ?? wanted);
  if (found === undefined) return { url: null, answers: false, start, publish: publishAdvice(container, wanted) };
  const url = `http://localhost:${found.outside}/`;
  return { url, answers: await answers(url), start, publish: null };
};

/** Of lines like `8000/tcp -> 127.0.0.1:8000`. */
const readPorts = (text: string): readonly { readonly inside: number; readonly outside: number }[] =>
  [...text.matchAll(/^(\d+)\/tcp -> \S*:(\d+)$/gm)].map(([, inside, outside]) => ({
    inside: Number(inside),
    outside: Number(outside),
  }));

/** runserver listens on the loopback address of the container, which nothing outside reaches, unless it is given another one. */
const startCommand = (folder: string, port: number): string => {
  const run = `npx devsetup exec --container -- python manage.py runserver 0.0.0.0:${port}`;
  return folder === '' ? run : `cd ${shellWord(folder)} && ${run}`;
};

const publishAdvice = ({ name, properties, compose, service }: SitePlaces['container'], port: number): string => {
  const own = compose?.services.find((one) => one.name === service);
  const shared = /^service:(.+)$/.exec(own?.networkMode ?? '')?.[1];
  const owner = compose?.services.find((one) => one.name === shared) ?? own;
  const change =
    owner === undefined
      ? properties['appPort'] === undefined
        ? `add "appPort": [${port}] to ${name}`
        : `add ${port} to the "appPort" of ${name}`
      : `add ports: ["127.0.0.1:${port}:${port}"] to the service ${owner.name} in ${owner.place.file}`;
  return `Port ${port} is not published, so only an editor reaches it: ${change}, then npx devsetup up --rebuild.`;
};

/** Any answer counts: an error page comes from a server that runs. The port alone says nothing: the engine itself listens there. */
const answers = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get(url, { timeout: ANSWER_MILLISECONDS }, (response) => {
      response.destroy();
      resolve(true);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
    request.once('close', () => resolve(false));
  });
