import { isLocalHost, type DatabaseTarget } from './database-target.ts';

/** A service of this project's compose file. */
export interface ComposeService {
  readonly name: string;
  readonly publishedPorts: readonly { readonly host: number; readonly container: number }[];
  /** The command that starts it. */
  readonly up: string;
}

/** For a host that is a service's name, which only other containers can resolve: how to reach it from outside. Null otherwise. */
export const composeHint = (target: DatabaseTarget, services: readonly ComposeService[]): string | null => {
  if (isLocalHost(target.host)) return null;
  const service = services.find(({ name }) => name === target.host);
  if (service === undefined) return null;
  const inside = `\`${service.name}\` is a service name inside compose`;
  const published = service.publishedPorts.find(({ container }) => container === target.port);
  return published === undefined
    ? `${inside}, and it publishes no port for ${target.port}: run devsetup in the dev container, or publish the port (ports: ["${target.port}:${target.port}"]), start it with \`${service.up}\`, and use 127.0.0.1:${target.port}.`
    : `${inside}: from outside start it with \`${service.up}\` and use 127.0.0.1:${published.host}, or run devsetup in the dev container.`;
};
