import { DevsetupError } from '../core/errors.ts';
import { describeTarget, isLocalHost, type DatabaseTarget } from '../postgres/target.ts';

export interface HostRules {
  /** Services of this project's compose files: their names are hosts inside it. */
  readonly services: readonly { readonly name: string }[];
  /** true: any host; otherwise the hosts that configuration allows. */
  readonly allowRemote: boolean | readonly string[];
}

/**
 * A development set-up must not migrate somebody's remote database: in 4 % of the projects read, a committed `.env` points
 * at one. Only loopback and the services of this compose project pass without being named.
 */
export const hostProblem = (
  target: DatabaseTarget,
  rules: HostRules,
  /** Of DATABASES; null: it is not known from the settings. */
  alias: string | null = null,
): DevsetupError | undefined => {
  const { host } = target;
  if (isLocalHost(host) || rules.services.some((service) => service.name === host)) return undefined;
  if (rules.allowRemote === true || (rules.allowRemote !== false && rules.allowRemote.includes(host))) return undefined;
  return new DevsetupError({
    code: 'DATABASE_REMOTE',
    message: `The database ${describeTarget(target)}${aliasWords(alias)} is on another host. devsetup works only on local databases unless you allow another one.`,
    hint: `If you mean this one: --allow-remote, or "database": { "allowRemote": ["${host}"] } in the configuration.`,
  });
};

/** Which entry of DATABASES it is, where that is not obvious. */
export const aliasWords = (alias: string | null): string =>
  alias === null || alias === 'default' ? '' : ` (DATABASES["${alias}"])`;
