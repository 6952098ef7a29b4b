/** libpq's sslmode. */
const TLS_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type TlsMode = (typeof TLS_MODES)[number];

export interface TlsSettings {
  readonly mode: TlsMode;
  /** The setting, variable or service that the mode comes from, where one sets it. */
  readonly source?: string | undefined;
  /** Files, as libpq's sslrootcert, sslcert and sslkey; '' where not given. `system` as root certificate means the trusted ones. */
  readonly rootCertificate: string;
  readonly certificate: string;
  readonly key: string;
  /** Of the key's file. */
  readonly keyPassword?: string | undefined;
  /** e.g. `TLSv1.3` */
  readonly minimumVersion?: string | undefined;
}

/** Where a database is and how to get in. */
export interface DatabaseTarget {
  /**
   * What is connected to, so what every guard judges: a name, an address (also that of `hostaddr`), the folder of a unix socket (begins
   * with `/`), or '' for the folder libpq would choose.
   */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** '' means the name of the operating system's user, as in libpq. */
  readonly user: string;
  /** '' means none. */
  readonly password: string;
  readonly tls: TlsSettings;
  /** The name that the certificate is for, where `host` is an address that was given with it. */
  readonly serverName?: string | undefined;
  /** What of libpq's `options` is not a setting of the session, e.g. `endpoint=…`, by which a proxy chooses the server. */
  readonly startOptions?: string | undefined;
  readonly requiresChannelBinding?: boolean | undefined;
  /** libpq's `target_session_attrs`, where not every session will do. */
  readonly sessionAttributes?: string | undefined;
  /** The libpq service that names it. */
  readonly service?: string | undefined;
  /** Why the password file gives no password: for the message where the server asks for one. */
  readonly passwordFile?: string | undefined;
}

export const DEFAULT_PORT = 5432;

export const isTlsMode = (text: string): text is TlsMode => (TLS_MODES as readonly string[]).includes(text);

export const isSocket = (host: string): boolean => host === '' || host.startsWith('/') || host.startsWith('@');

/** True if both lead to the same database as the same user, spellings of the loopback aside. */
export const sameTarget = (a: DatabaseTarget, b: DatabaseTarget): boolean =>
  isSameDatabase(a, b) && a.user === b.user && a.password === b.password;

/** As `sameTarget`, for any user. */
export const isSameDatabase = (a: DatabaseTarget, b: DatabaseTarget): boolean =>
  canonicalHost(a.host) === canonicalHost(b.host) && a.port === b.port && a.database === b.database;

const canonicalHost = (host: string): string =>
  isSocket(host) ? host : isLoopback(host) ? 'localhost' : host.toLowerCase().replace(/\.$/, '');

/** `host:port/database`, without credentials. */
export const describeTarget = (target: DatabaseTarget): string => {
  const { host, port, database } = target;
  const place = host === '' ? 'local socket' : host.includes(':') ? `[${host}]` : host;
  return `${place}:${port}/${database}`;
};

/** True for this machine itself: a loopback name or address, or a unix socket. */
export const isLocalHost = (host: string): boolean => isSocket(host) || isLoopback(host);

const isLoopback = (host: string): boolean => {
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  return (
    /^(.+\.)?localhost(\.localdomain)?$/.test(name) ||
    /^ip6-(localhost|loopback)$/.test(name) ||
    /^127(\.\d{1,3}){1,3}$/.test(name) ||
    /^[0:]*:0*1$/.test(name) ||
    /^::ffff:127(\.\d{1,3}){3}$/.test(name) ||
    name === '0.0.0.0' ||
    name === '::'
  );
};

/**
 * `compose`: a service of this project's compose file · `docker-host`: the developer's own machine as a container sees it ·
 * `remote`: anything else, perhaps somebody's real data.
 */
export type HostKind = 'local' | 'compose' | 'docker-host' | 'remote';

/** `composeServices` are the services' names, container names and network aliases. */
export const classifyHost = (host: string, composeServices: readonly string[]): HostKind => {
  if (isLocalHost(host)) return 'local';
  if (composeServices.includes(host)) return 'compose';
  return /^(host\.docker\.internal|host\.containers\.internal|gateway\.docker\.internal)$/i.test(host)
    ? 'docker-host'
    : 'remote';
};
