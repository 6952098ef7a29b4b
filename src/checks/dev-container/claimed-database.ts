import { classifyHost, parseDatabaseUrl } from '../../postgres/target.ts';
import type { ContainerVariables } from './app-environment.ts';

/** What one variable says; `value` is null where that is not known. */
interface Claim {
  readonly variable: string;
  readonly from: string;
  readonly value: string;
}

/** The database that the variables of the dev container name. A part that is null is not named, or not known. */
export interface ClaimedDatabase {
  readonly host: Claim | null;
  readonly port: Claim | null;
  readonly user: Claim | null;
  readonly password: Claim | null;
}

const PREFIXES = ['DB_', 'DATABASE_', 'DJANGO_DB_', 'POSTGRES_', 'POSTGRESQL_', 'SQL_', 'PG'];
const PARTS = {
  host: ['HOST', 'HOSTNAME'],
  port: ['PORT'],
  user: ['USER', 'USERNAME'],
  password: ['PASSWORD', 'PASS'],
} as const;

/** null: no variable names a PostgreSQL server by its host, or it is not known which of several does. */
export const claimedDatabase = (variables: ContainerVariables, urlVariable: string): ClaimedDatabase | null => {
  const url = variables.get(urlVariable);
  if (url !== undefined) return url.value === null ? null : fromUrl(url.value, urlVariable, url.from);
  const engine = [...variables].find(([name]) => /(?:^|_)ENGINE$/.test(name))?.[1].value;
  if (engine !== undefined && engine !== null && !/postg/i.test(engine)) return null;
  const claims = PREFIXES.map((prefix) => fromParts(variables, prefix)).filter(({ host }) => host !== null);
  const [first] = claims;
  return first === undefined || claims.length > 1 ? null : first;
};

const fromUrl = (url: string, variable: string, from: string): ClaimedDatabase | null => {
  let address;
  try {
    address = parseDatabaseUrl(url, variable);
  } catch {
    // What is wrong with it is found by whoever connects.
    return null;
  }
  if (address.kind !== 'postgresql') return null;
  const { host, port, user, password } = address.target;
  const claim = (value: string): Claim | null => (value === '' ? null : { variable, from, value });
  return { host: claim(host), port: claim(String(port)), user: claim(user), password: claim(password) };
};

const fromParts = (variables: ContainerVariables, prefix: string): ClaimedDatabase => {
  const part = (names: readonly string[]): Claim | null => {
    const variable = names.map((name) => prefix + name).find((name) => variables.has(name)) ?? '';
    const found = variables.get(variable);
    return found === undefined || found.value === null || found.value === ''
      ? null
      : { variable, from: found.from, value: found.value };
  };
  return { host: part(PARTS.host), port: part(PARTS.port), user: part(PARTS.user), password: part(PARTS.password) };
};

/** The host of a URL of PostgreSQL; null: it cannot be read. */
export const hostOfUrl = (url: string): string | null => fromUrl(url, '', '')?.host?.value ?? null;

/** The container itself. */
export const isOwnHost = (host: string): boolean => classifyHost(host, []) === 'local';
