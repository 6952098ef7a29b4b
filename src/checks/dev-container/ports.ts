import { defineCheck, problemsOr, type Problem } from '../../core/check.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';
import type { CheckContext } from '../context.ts';
import { openDevContainer } from './open-dev-container.ts';

type Code = 'forwarded-port-unknown' | 'port-not-forwarded';

/** What is forwarded leads to a service, and Django's port is not kept from being forwarded. */
export const ports = defineCheck<CheckContext, Code>({
  id: 'devcontainer-ports',
  group: 'dev-container',
  title: 'Ports of the dev container',
  findings: { 'forwarded-port-unknown': 'warning', 'port-not-forwarded': 'info' },
  run: async (context) => {
    const found = await openDevContainer(context);
    const forwarded = found.properties['forwardPorts'];
    return problemsOr(
      [...unknownHosts(found), ...notForwarded(found)],
      Array.isArray(forwarded) && forwarded.length > 0 ? `forwards ${forwarded.join(', ')}` : 'forwarded as they open',
    );
  },
});

type Found = Pick<DevContainer, 'name' | 'properties' | 'compose' | 'missingFiles' | 'service' | 'placeOf'>;

/** `db:5432` where compose has no service db. */
export const unknownHosts = (found: Found): readonly Problem<Code>[] => {
  const { name, properties, compose, missingFiles, placeOf } = found;
  const forwarded = properties['forwardPorts'];
  const isComplete = compose !== null && missingFiles.length === 0 && compose.broken.length === 0;
  if (!Array.isArray(forwarded) || !isComplete || compose.hasExternalNetworks) return [];
  const names = new Set(compose.services.flatMap((service) => [service.name, ...service.otherNames]));
  return forwarded.flatMap((port: unknown, index) => {
    const [, host] = typeof port === 'string' ? (/^([\w-]+):\d+$/.exec(port) ?? []) : [];
    if (host === undefined || host === 'localhost' || names.has(host)) return [];
    return [
      {
        code: 'forwarded-port-unknown' as const,
        message: `${name} forwards ${String(port)}, and compose has no service ${host}.`,
        evidence: [`services: ${compose.services.map((service) => service.name).join(', ')}`],
        remedy: { text: 'Name one of the services that exist, or remove the entry.', command: null },
        place: placeOf(['forwardPorts', index]),
      },
    ];
  });
};

const DJANGO_PORT = 8000;

/** Editors forward what begins to listen by themselves, unless they are told to ignore it and nothing else names a port. */
export const notForwarded = ({ name, properties, compose, service, placeOf }: Found): readonly Problem<Code>[] => {
  const others = properties['otherPortsAttributes'] as { readonly onAutoForward?: unknown } | null | undefined;
  if (others?.onAutoForward !== 'ignore') return [];
  const app = compose?.services.find((known) => known.name === service);
  const named = [properties['forwardPorts'], Object.keys(properties['portsAttributes'] ?? {}), properties['appPort']];
  if (named.flat().some((port) => port !== undefined) || (app?.ports.length ?? 0) > 0) return [];
  return [
    {
      code: 'port-not-forwarded',
      message: `${name} ignores all ports that are not named, and names none, so Django's server cannot be reached from outside.`,
      remedy: { text: `Add "forwardPorts": [${DJANGO_PORT}], or the port that Django uses.`, command: null },
      place: placeOf(['otherPortsAttributes']),
    },
  ];
};
