import path from 'node:path';

import { isInside } from '../files.ts';
import type { ComposeServiceModel } from './compose-project.ts';

interface Places {
  readonly root: string;
  /** The folder of manage.py. */
  readonly backendDirectory: string;
}

/** Python that serves, or anything of manage.py but a worker. */
const SERVES = /\b(?:runserver(?:_plus)?|gunicorn|uvicorn|daphne|hypercorn|uwsgi|granian)\b|\bmanage\.py\b/;
const OTHER =
  /\b(?:celery|worker|beat|flower|rq|dramatiq|huey|node|npm|npx|yarn|pnpm|bun|vite|nginx|sphinx\S*|mkdocs)|\bmanage\.py\s+(?!run|migrate)\S*(?:worker|qcluster|cron|schedule|consume)/;
/** Images of programs, which run nothing of a checkout. */
const PROGRAM = /^(?:\S*\/)?(?:node|nginx|postg\w*|redis|valkey|mailhog|mailpit|caddy|traefik)\b/;

/** The service that runs Django: by its command, else the first that has the folder of manage.py in its container. undefined: none is known. */
export const djangoService = (
  services: readonly ComposeServiceModel[],
  places: Places,
): ComposeServiceModel | undefined => {
  const possible = services.filter(
    ({ command, image, build }) => !OTHER.test(command) && (build !== null || !PROGRAM.test(image ?? '')),
  );
  return (
    possible.find(({ command }) => SERVES.test(command)) ??
    possible.find((service) => mountsBackend(service, places)) ??
    onlyOne(possible.filter(({ build }) => build !== null && isOfBackend(build.dockerfile, places)))
  );
};

const mountsBackend = ({ volumes }: ComposeServiceModel, { root, backendDirectory }: Places): boolean =>
  volumes.some(({ source }) => isInside(root, source) && isInside(source, backendDirectory));

/** Built from a Dockerfile beside manage.py, or at the root. */
const isOfBackend = (dockerfile: string | null, { root, backendDirectory }: Places): boolean =>
  dockerfile !== null && [root, backendDirectory].includes(path.dirname(dockerfile));

const onlyOne = <T>(found: readonly T[]): T | undefined => (found.length === 1 ? found[0] : undefined);
