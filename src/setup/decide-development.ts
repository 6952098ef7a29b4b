import type { Description } from '../django/protocol.ts';
import { classifyHost } from '../postgres/target.ts';
import { targetFromDjango } from '../postgres/target-from-django.ts';
import type { Verdict } from '../steps/context.ts';

/** Development is what configuration says; otherwise DEBUG is on and the database is this machine's or this compose project's. */
export const decideDevelopment = (
  configured: boolean | 'auto',
  description: Description,
  services: readonly { readonly name: string }[],
): Verdict => {
  if (configured !== 'auto') return { yes: configured, reason: `development is ${configured} in the configuration` };
  if (!description.debug) return { yes: false, reason: 'DEBUG is off' };
  if (description.database.vendor === 'sqlite') return { yes: true, reason: 'DEBUG is on, and the database is a file' };
  const { host } = targetFromDjango(description.database);
  const names = services.map((service) => service.name);
  return classifyHost(host, names) === 'remote'
    ? { yes: false, reason: `the database is on ${host}` }
    : { yes: true, reason: 'DEBUG is on, and the database is local' };
};
