import { usageError, type DevsetupError } from '../core/errors.ts';
import { DEFAULT_PORT, isTlsMode, type DatabaseTarget, type TlsMode } from './database-target.ts';
import { pathIn, type LibpqSystem } from './libpq-system.ts';
import { passwordFromFile } from './password-file.ts';
import { readService } from './service-file.ts';

/** A connection parameter of libpq, and the setting, variable or file that it comes from. */
export interface Parameter {
  readonly value: string;
  readonly source: string;
}

/** Parameters that decide where a connection leads, and how it is protected, with the variable that libpq takes where they are not set. */
const VARIABLES: Readonly<Record<string, string | null>> = {
  host: 'PGHOST',
  hostaddr: 'PGHOSTADDR',
  port: 'PGPORT',
  dbname: 'PGDATABASE',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  passfile: 'PGPASSFILE',
  service: 'PGSERVICE',
  servicefile: 'PGSERVICEFILE',
  options: 'PGOPTIONS',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
  channel_binding: 'PGCHANNELBINDING',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslpassword: null,
  sslcrl: 'PGSSLCRL',
  sslcrldir: 'PGSSLCRLDIR',
  sslcertmode: 'PGSSLCERTMODE',
  sslnegotiation: 'PGSSLNEGOTIATION',
  ssl_min_protocol_version: 'PGSSLMINPROTOCOLVERSION',
  gssencmode: 'PGGSSENCMODE',
  require_auth: 'PGREQUIREAUTH',
  requirepeer: 'PGREQUIREPEER',
  conninfo: null,
  dsn: null,
};

/** What libpq does with these values and devsetup does not; `true`: with any value. */
const UNSUPPORTED: Readonly<Record<string, readonly string[] | true>> = {
  conninfo: true,
  dsn: true,
  require_auth: true,
  requirepeer: true,
  sslcrl: true,
  sslcrldir: true,
  sslcertmode: ['require'],
  sslnegotiation: ['direct'],
  gssencmode: ['require'],
};

/** The values that a parameter can have. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  channel_binding: ['disable', 'prefer', 'require'],
  target_session_attrs: ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'],
  ssl_min_protocol_version: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
};

/**
 * Where a connection with these parameters leads, as libpq finds out: they count first, then the entry of the service file, then the
 * variables, then the password file. What devsetup cannot do the same way is refused by its name, since Django would do it. No message repeats a value: in a URL that
 * is not encoded, part of the password may stand there.
 */
export const resolveTarget = (given: ReadonlyMap<string, Parameter>, system: LibpqSystem): DatabaseTarget => {
  const { found, service } = withDefaults(given, system);
  refuseUnsupported(found);
  const get = (name: string): string => found.get(name)?.value ?? '';
  const host = single(found, 'host');
  const address = single(found, 'hostaddr');
  const port = portOf(found);
  const database = get('dbname') || 'postgres';
  const user = get('user');
  const asked = { host: host || address, port, database, user: user || system.user };
  const fromFile =
    get('password') === '' && system.home !== '' ? passwordFromFile(get('passfile') || null, asked, system) : null;
  const file = (name: string): string => {
    const value = get(name);
    return value === '' || value === 'system' ? value : pathIn(system, value);
  };
  const startOptions = withoutSettings(get('options'));
  // `sslrootcert=system` decides the mode, too.
  const modeSource = (found.get('sslmode') ?? (get('sslrootcert') === 'system' ? found.get('sslrootcert') : undefined))
    ?.source;
  const binding = get('channel_binding');
  const attributes = get('target_session_attrs');
  return {
    host: address || host,
    port,
    database,
    user,
    password: get('password') || (fromFile?.password ?? ''),
    tls: {
      mode: tlsModeOf(found),
      ...(modeSource !== undefined && { source: modeSource }),
      rootCertificate: file('sslrootcert'),
      certificate: file('sslcert'),
      key: file('sslkey'),
      ...(get('sslpassword') !== '' && { keyPassword: get('sslpassword') }),
      ...(get('ssl_min_protocol_version') !== '' && { minimumVersion: get('ssl_min_protocol_version') }),
    },
    ...(address !== '' && host !== '' && { serverName: host }),
    ...(startOptions !== '' && { startOptions }),
    ...(binding === 'require' && { requiresChannelBinding: true }),
    ...(!['', 'any', 'prefer-standby'].includes(attributes) && { sessionAttributes: attributes }),
    ...(service !== null && { service }),
    ...(fromFile?.ignored !== undefined && { passwordFile: fromFile.ignored }),
  };
};

/**
 * Settings (`-c search_path=app`, `-c role=app`) are for Django's sessions: devsetup reads them where they matter, and creates the schema or
 * role that they name by a session that does not need it.
 */
const withoutSettings = (options: string): string =>
  options.replaceAll(/(^|\s)(?:-c\s*|--)(?:\\.|[^\s\\])+/gs, '').trim();

const withDefaults = (
  given: ReadonlyMap<string, Parameter>,
  system: LibpqSystem,
): { readonly found: ReadonlyMap<string, Parameter>; readonly service: string | null } => {
  const found = new Map([...given].filter(([name, { value }]) => name in VARIABLES && value !== ''));
  const fromEnvironment = (name: string): Parameter | undefined => {
    const variable = VARIABLES[name] ?? null;
    const value = variable === null ? undefined : system.env[variable];
    return value === undefined || value === '' ? undefined : { value, source: variable ?? '' };
  };
  const named = found.get('service') ?? fromEnvironment('service');
  if (named !== undefined) {
    const file = found.get('servicefile') ?? fromEnvironment('servicefile');
    const entry = readService(named.value, named.source, file?.value ?? null, system);
    const source = `the service "${named.value}" in ${entry.file}`;
    for (const [name, value] of entry.parameters)
      if (!found.has(name) && name in VARIABLES && value !== '') found.set(name, { value, source });
  }
  for (const name of Object.keys(VARIABLES)) {
    const value = found.has(name) ? undefined : fromEnvironment(name);
    if (value !== undefined) found.set(name, value);
  }
  return { found, service: named?.value ?? null };
};

const refuseUnsupported = (found: ReadonlyMap<string, Parameter>): void => {
  for (const [name, { value, source }] of found) {
    const refused = UNSUPPORTED[name];
    if (refused === true || refused?.includes(value) === true) {
      const shown = refused === true ? name : `${name}=${value}`;
      throw unsupported(`${source} sets ${shown}, and devsetup cannot connect that way.`, name);
    }
    const values = VALUES[name];
    if (values !== undefined && !values.includes(value))
      throw unsupported(`${source} sets ${name} to something else than ${values.join(', ')}.`, name);
  }
};

const unsupported = (message: string, name: string): DevsetupError =>
  usageError({
    code: 'DATABASE_OPTION_UNSUPPORTED',
    message,
    hint: `Omit or correct ${name} in the settings that are used where devsetup runs.`,
  });

const single = (found: ReadonlyMap<string, Parameter>, name: string): string => {
  const { value, source } = found.get(name) ?? { value: '', source: '' };
  if (!value.includes(',')) return value;
  throw usageError({
    code: 'DATABASE_SEVERAL_HOSTS',
    message: `${source} names several database ${name === 'port' ? 'ports' : 'hosts'}, and devsetup works with one.`,
    hint: 'Name the primary server there, or in DATABASE_URL.',
  });
};

const portOf = (found: ReadonlyMap<string, Parameter>): number => {
  const text = single(found, 'port').trim();
  if (text === '') return DEFAULT_PORT;
  if (/^\d+$/.test(text) && Number(text) > 0 && Number(text) <= 65_535) return Number(text);
  throw unsupported(`${found.get('port')?.source ?? ''} sets a port that is not a number from 1 to 65535.`, 'port');
};

const tlsModeOf = (found: ReadonlyMap<string, Parameter>): TlsMode => {
  const mode = found.get('sslmode');
  const usesSystem = found.get('sslrootcert')?.value === 'system';
  if (mode === undefined) return usesSystem ? 'verify-full' : 'prefer';
  if (!isTlsMode(mode.value)) throw unsupported(`${mode.source} has an unknown sslmode.`, 'sslmode');
  if (usesSystem && mode.value !== 'verify-full')
    throw unsupported(
      `${mode.source} sets sslmode=${mode.value}, and sslrootcert=system needs verify-full.`,
      'sslmode',
    );
  return mode.value;
};
