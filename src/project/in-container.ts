import { existsSync } from 'node:fs';

const MARKS = ['/.dockerenv', '/run/.containerenv'];

/** Of a dev container or a Codespace, whatever engine runs it. */
export const isInDevContainer = (env: Readonly<Record<string, string | undefined>>): boolean =>
  env['CODESPACES'] === 'true' || env['REMOTE_CONTAINERS'] === 'true';

/** Whether this process runs in a container, where the names of a compose network may be known. */
export const isInContainer = (env: Readonly<Record<string, string | undefined>>): boolean =>
  isInDevContainer(env) || env['KUBERNETES_SERVICE_HOST'] !== undefined || MARKS.some((file) => existsSync(file));
