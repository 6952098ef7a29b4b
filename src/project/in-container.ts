import { existsSync, readFileSync } from 'node:fs';

const MARKS = ['/.dockerenv', '/run/.containerenv'];

/** Of a dev container or a Codespace, whatever engine runs it. */
export const isInDevContainer = (env: Readonly<Record<string, string | undefined>>): boolean =>
  env['CODESPACES'] === 'true' || env['REMOTE_CONTAINERS'] === 'true';

/** Whether this process runs in a container, where the names of a compose network may be known. */
export const isInContainer = (env: Readonly<Record<string, string | undefined>>): boolean =>
  isInDevContainer(env) || env['KUBERNETES_SERVICE_HOST'] !== undefined || MARKS.some((file) => existsSync(file));

/**
 * Whether names of a compose network may be resolved here. Docker resolves them by a name server of its own in every network that compose
 * makes, and not in its default network, where a dev container without compose is. Of other engines it is not known.
 */
export const isInComposeNetwork = (env: Readonly<Record<string, string | undefined>>): boolean =>
  isInContainer(env) && (!existsSync('/.dockerenv') || namesDockerResolver(readResolvers()));

export const namesDockerResolver = (resolvConf: string): boolean => /^nameserver\s+127\.0\.0\.11\b/m.test(resolvConf);

const readResolvers = (): string => {
  try {
    return readFileSync('/etc/resolv.conf', 'utf8');
  } catch {
    // Without it nothing is resolved by name.
    return '';
  }
};
