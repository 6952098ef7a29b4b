import path from 'node:path';

import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { isDevsetupError } from '../core/errors.ts';
import { isLocalHost, parseDatabaseUrl, type DatabaseTarget } from '../postgres/target.ts';
import type { DatabaseVariable } from '../server/database-values.ts';
import type { RememberedChoice } from '../state/embedded-memory.ts';
import type { DatabaseFlag } from './common-options.ts';

/** Something in the environment that says where the database is. */
export interface Address {
  readonly variable: string;
  /** The variable with what it says, without credentials: it is remembered. */
  readonly text: string;
}

export interface ChoiceFacts {
  readonly flag: DatabaseFlag | undefined;
  readonly configured: Config['database']['use'];
  readonly remembered: RememberedChoice | undefined;
  /** A pipeline's job: nothing is chosen by memory there. */
  readonly isPipeline: boolean;
  /** Asked only where it matters. */
  readonly addresses: () => Promise<readonly Address[]>;
}

export type Choice =
  | { readonly use: 'embedded'; readonly because: 'flag' | 'memory' | 'configuration' }
  | { readonly use: 'settings'; readonly because: 'flag' | 'default' }
  /** Instead of the embedded one, which was chosen before this address was there. */
  | { readonly use: 'settings'; readonly because: 'address'; readonly address: Address };

/** The flag, then an address that is new since the choice, then what was chosen last, then the configuration. */
export const decideDatabase = async (facts: ChoiceFacts): Promise<Choice> => {
  const { flag, configured } = facts;
  if (flag !== undefined) return { use: flag, because: 'flag' };
  const remembered = facts.isPipeline ? undefined : facts.remembered;
  if ((remembered?.use ?? configured) === 'settings') return { use: 'settings', because: 'default' };
  const known = remembered?.use === 'embedded' ? remembered.addresses : [];
  const address = (await facts.addresses()).find(({ text }) => !known.includes(text));
  if (address !== undefined) return { use: 'settings', because: 'address', address };
  return { use: 'embedded', because: remembered === undefined ? 'configuration' : 'memory' };
};

/** What the environment says of where the database is. */
export const addressesIn = (
  environment: Pick<Environment, 'get'>,
  variables: readonly DatabaseVariable[],
): readonly Address[] => {
  const valueOf = (name: string): string => environment.get(name)?.trim() ?? '';
  const named = variables.find(({ role, name }) => role === 'port' && valueOf(name) !== '');
  const port = named === undefined ? '' : `:${valueOf(named.name)}`;
  const found = variables.flatMap(({ name, role }) => {
    const value = valueOf(name);
    if (value === '' || (role !== 'url' && role !== 'host')) return [];
    return [{ variable: name, text: `${name}=${role === 'url' ? placeOf(value, name) : `${value}${port}`}` }];
  });
  return found.filter(({ variable }, at) => found.findIndex((one) => one.variable === variable) === at);
};

const placeOf = (url: string, variable: string): string => {
  const target = targetOfUrl(url, variable);
  return target === null
    ? `${/^[a-z][a-z0-9+.-]*:(?=\/\/)/i.exec(url)?.[0] ?? ''}…`
    : `${target.host}:${target.port}/${target.database}`;
};

/** null: no URL of PostgreSQL that devsetup understands. */
const targetOfUrl = (url: string, variable: string): DatabaseTarget | null => {
  try {
    const address = parseDatabaseUrl(url, variable);
    return address.kind === 'postgresql' ? address.target : null;
  } catch (error) {
    if (isDevsetupError(error)) return null;
    throw error;
  }
};

/** Whether this URL is that of the embedded PostgreSQL itself, as `devsetup db env` sets it in a terminal. */
export const leadsTo = (port: number, url: string | undefined, variable: string): boolean => {
  const target = url === undefined ? null : targetOfUrl(url, variable);
  return target !== null && isLocalHost(target.host) && target.port === port;
};

/** One line; null: what is used is what was asked for. */
export const describeDecision = (
  choice: Choice,
  { root, environment, config }: { root: string; environment: Environment; config: Pick<Config, 'file'> },
): string | null => {
  if (choice.because === 'flag' || choice.because === 'default') return null;
  if (choice.because === 'address') {
    const { variable } = choice.address;
    const origin = environment.origin(variable);
    const where = typeof origin === 'object' ? path.relative(root, origin.file) : 'the environment';
    return `Database: the one that ${variable} (${where}) leads to, not the embedded PostgreSQL of this checkout. To use that: --db embedded`;
  }
  const why =
    choice.because === 'memory' ? 'as before' : `as ${path.basename(config.file ?? 'the configuration')} says`;
  return `Database: the embedded PostgreSQL of this checkout, ${why}. To use the one that the settings name: --db settings`;
};
