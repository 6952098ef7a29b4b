import { isLocalHost, type DatabaseTarget } from './database-target.ts';

/** A service of this project's compose file. */
export interface ComposeService {
  readonly name: string;
  readonly isPostgres: boolean;
  readonly publishedPorts: readonly { readonly host: number; readonly container: number }[];
  /** The command that starts it. */
  readonly up: string;
}

/** The command by which devsetup runs the database itself. */
const EMBEDDED = '`npx devsetup --db embedded`';

/** The service that publishes the port of this machine which the settings name. */
export const publishingService = <T extends ComposeService>(
  { host, port }: Pick<DatabaseTarget, 'host' | 'port'>,
  services: readonly T[],
): T | undefined =>
  isLocalHost(host)
    ? services.find(({ publishedPorts }) => publishedPorts.some((published) => published.host === port))
    : undefined;

/** The service that this target leads to, from inside of its network or from outside. */
export const serviceOf = <T extends ComposeService>(
  target: Pick<DatabaseTarget, 'host' | 'port'>,
  services: readonly T[],
): T | undefined => services.find(({ name }) => name === target.host) ?? publishingService(target, services);

/** Nothing that is known of the checkout ever starts a database at this address of this machine. */
export const isOfferedByNone = (target: DatabaseTarget, services: readonly ComposeService[]): boolean =>
  isLocalHost(target.host) &&
  publishingService(target, services) === undefined &&
  !services.some(({ isPostgres }) => isPostgres);

/** How the database that compose offers is reached. null: it offers none for this address. */
export const composeHint = (target: DatabaseTarget, services: readonly ComposeService[]): string | null => {
  const publishing = publishingService(target, services);
  if (publishing !== undefined)
    return `The compose service \`${publishing.name}\` publishes this port: start it with \`${publishing.up}\`.`;
  if (isLocalHost(target.host)) return null;
  const service = services.find(({ name }) => name === target.host);
  if (service === undefined) return null;
  const inside = `\`${service.name}\` is a service name inside compose`;
  const published = service.publishedPorts.find(({ container }) => container === target.port);
  const hint =
    published === undefined
      ? `${inside}, and it publishes no port for ${target.port}: run devsetup in the dev container, or publish the port (ports: ["${target.port}:${target.port}"]), start it with \`${service.up}\`, and use 127.0.0.1:${target.port}.`
      : `${inside}: from outside start it with \`${service.up}\` and use 127.0.0.1:${published.host}, or run devsetup in the dev container.`;
  return `${hint} Without Docker: ${EMBEDDED}`;
};

/** Where no compose file offers a database. */
export const EMBEDDED_HINT = `Start PostgreSQL, or let devsetup run one for this checkout, without Docker: ${EMBEDDED}. If another server is meant, correct host and port in DATABASE_URL or DATABASES.`;
