import { addProperty } from './add-property.ts';
import { variantOf } from './property-table.ts';

/** `devsetup up` sets it to a free port of the host; elsewhere it is unset, and the engine chooses a port. */
export const SITE_PORT_VARIABLE = 'DEVSETUP_SITE_PORT';

/** Where runserver listens unless it is given a port. */
const USUAL_PORT = 8000;
export const POSTGRES_PORT = 5432;

/** The first port of `forwardPorts` that is one of the container itself. */
export const forwardedPort = (ports: unknown): number => {
  const own: unknown = Array.isArray(ports)
    ? ports.find((port) => typeof port === 'number' && port !== POSTGRES_PORT)
    : null;
  return typeof own === 'number' ? own : USUAL_PORT;
};

/** Ports that are published already, or a network in which none can be. */
const NETWORK = /^(?:-p|-P|--publish(?:-all)?|--net(?:work)?)(?:=|$)|^-p\S/;

/**
 * Publishes the site of a container that is not a service of compose, for this machine only. null: it cannot be published that way, or the
 * file decides it already.
 */
export const publishSite = (text: string, properties: Readonly<Record<string, unknown>>): string | null => {
  const variant = variantOf(properties);
  const { runArgs, appPort, forwardPorts } = properties;
  if ((variant !== 'image' && variant !== 'dockerfile') || appPort !== undefined) return null;
  if (Array.isArray(runArgs) && runArgs.some((argument) => NETWORK.test(String(argument)))) return null;
  const port = `127.0.0.1:\${localEnv:${SITE_PORT_VARIABLE}}:${forwardedPort(forwardPorts)}`;
  return addProperty(text, 'appPort', [port], ['forwardPorts', 'mounts', 'containerEnv']);
};
