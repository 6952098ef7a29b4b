import { DevsetupError, ExitCode } from '../core/errors.ts';
import type { DatabaseTarget } from './database-target.ts';
import { NO_SYSTEM, type LibpqSystem } from './libpq-system.ts';
import { resolveTarget, type Parameter } from './resolve-parameters.ts';

export type DatabaseAddress =
  | { readonly kind: 'postgresql'; readonly target: DatabaseTarget }
  /** Nothing to wait for. `path` '' or `:memory:` is a database in memory. */
  | { readonly kind: 'sqlite'; readonly path: string }
  /** An engine devsetup does not serve, by the URL's scheme. */
  | { readonly kind: 'other'; readonly engine: string };

/** As dj-database-url and django-environ know them; `postgresql+driver` is SQLAlchemy's spelling. */
const POSTGRES_SCHEME = /^(postgres|postgresql|psql|pgsql|postgis|timescale|timescalegis)(\+\w+)?$/;
const SQLITE_SCHEME = /^(sqlite|sqlite3|spatialite)$/;

/**
 * Reads a database URL as those two libraries do, that is with Python's urlsplit: the authority ends at the first `/`, `?` or `#`, its
 * last `@` separates the credentials, their first `:` the password. What that reading shows to be an unencoded password is
 * refused with `DATABASE_URL_INVALID`; no message repeats any part of the credentials. Its query is what the drivers get as parameters.
 * `name` is the variable the URL came from.
 */
export const parseDatabaseUrl = (
  url: string,
  name = 'DATABASE_URL',
  system: LibpqSystem = NO_SYSTEM,
): DatabaseAddress => {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url.trim()) ?? [];
  const engine = scheme.toLowerCase();
  if (SQLITE_SCHEME.test(engine)) return { kind: 'sqlite', path: decode(rest.replace(/^\/\//, '').replace(/^\//, '')) };
  if (engine === '' || !rest.startsWith('//')) {
    throw invalid(name, 'is not a URL', 'Write it as postgres://user:password@host:5432/database.');
  }
  if (!POSTGRES_SCHEME.test(engine)) return { kind: 'other', engine };
  return { kind: 'postgresql', target: parseTarget(rest.slice(2), name, system) };
};

const ENCODE =
  'Percent-encode the special characters of user and password: @ is %40, : is %3A, / is %2F, # is %23, ? is %3F, % is %25, a space is %20.';

const parseTarget = (rest: string, name: string, system: LibpqSystem): DatabaseTarget => {
  const [, authority = '', path = '', query = ''] = /^([^/?#]*)([^?#]*)(?:\?([^#]*))?/s.exec(rest) ?? [];
  const at = authority.lastIndexOf('@');
  const [user = '', ...password] = authority.slice(0, Math.max(at, 0)).split(':');
  const place = parsePlace(authority.slice(at + 1));
  // An `@` behind the authority, where the authority itself has none, was meant to end the credentials.
  const cut = at === -1 && rest.slice(authority.length).includes('@');
  if (place === null || cut)
    throw invalid(
      name,
      'cannot be read: its user or password seems not to be encoded, or its port is no number',
      ENCODE,
    );
  const given = new Map<string, Parameter>();
  const add = (parameter: string, value: string): void => {
    if (value !== '') given.set(parameter, { value, source: name });
  };
  for (const [parameter, value] of new URLSearchParams(query)) add(parameter, value);
  add('host', place.host);
  add('port', place.port === null ? '' : String(place.port));
  add('user', decode(user));
  add('password', decode(password.join(':')));
  add('dbname', decode(path.replace(/^\//, '')));
  if (!given.has('dbname') && !given.has('service'))
    throw invalid(name, 'names no database', 'End it with the name: postgres://user:password@host:5432/database.');
  return resolveTarget(given, system);
};

const parsePlace = (text: string): { readonly host: string; readonly port: number | null } | null => {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d*))?$/.exec(text);
  if (match === null) return null;
  const [, v6, host = '', port = ''] = match;
  if (Number(port) > 65_535) return null;
  return { host: v6 ?? decode(host), port: port === '' ? null : Number(port) };
};

/** Like Python's unquote: what is no valid escape stays as it is. */
const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/(%[0-9a-f]{2})+/gi, (escapes) =>
      Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
    );
  }
};

const invalid = (name: string, problem: string, hint: string): DevsetupError =>
  new DevsetupError({ code: 'DATABASE_URL_INVALID', message: `${name} ${problem}.`, hint, exitCode: ExitCode.usage });
