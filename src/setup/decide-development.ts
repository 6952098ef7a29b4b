import { classifyHost } from '../postgres/target.ts';
import type { Verdict } from '../steps/context.ts';

export interface DevelopmentFacts {
  readonly configured: boolean | 'auto';
  /** Django's DEBUG. */
  readonly debug: boolean;
  /** Where the database is; null: it is a file. */
  readonly host: string | null;
  /** Names of this project's compose services. */
  readonly services: readonly string[];
}

/** Development is what configuration says; otherwise DEBUG is on and the database is this machine's or this compose project's. */
export const decideDevelopment = ({ configured, debug, host, services }: DevelopmentFacts): Verdict => {
  if (configured !== 'auto') return { yes: configured, reason: `development is ${configured} in the configuration` };
  if (!debug) return { yes: false, reason: 'DEBUG is off' };
  if (host !== null && classifyHost(host, services) === 'remote') {
    return { yes: false, reason: `the database is on ${host}` };
  }
  return { yes: true, reason: 'DEBUG is on, and the database is local' };
};
