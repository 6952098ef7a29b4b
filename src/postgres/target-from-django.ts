import { usageError } from '../core/errors.ts';
import type { DatabaseSettings } from '../django/protocol.ts';
import { DEFAULT_PORT, isTlsMode, type DatabaseTarget } from './database-target.ts';

/** What libpq, and so Django's driver, takes from the environment where settings say nothing. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The target Django's driver would connect to. Throws `DATABASE_SERVICE_UNSUPPORTED` for a libpq service file and
 * `DATABASE_SEVERAL_HOSTS` for a list of hosts: devsetup reads neither.
 */
export const targetFromDjango = (settings: DatabaseSettings, env: Environment = {}): DatabaseTarget => {
  const { options } = settings;
  const service = options['service'] ?? (settings.host === '' ? env['PGSERVICE'] : undefined);
  if (service !== undefined && service !== '') {
    throw usageError({
      code: 'DATABASE_SERVICE_UNSUPPORTED',
      message: `The settings reach the database through the libpq service "${service}", and devsetup does not read service files.`,
      hint: 'Set DATABASE_URL for devsetup, or HOST, PORT, NAME and USER in DATABASES.',
    });
  }
  const host = settings.host || options['host'] || env['PGHOST'] || '';
  if (host.includes(',')) {
    throw usageError({
      code: 'DATABASE_SEVERAL_HOSTS',
      message: `The settings name several database hosts (${host}), and devsetup works with one.`,
      hint: 'Set HOST in DATABASES, or DATABASE_URL, to the primary server.',
    });
  }
  const mode = options['sslmode'] ?? env['PGSSLMODE'] ?? '';
  return {
    host,
    port: Number(settings.port || options['port'] || env['PGPORT']) || DEFAULT_PORT,
    // Django connects to `postgres` where NAME is None.
    database: settings.name || options['dbname'] || env['PGDATABASE'] || 'postgres',
    user: settings.user || options['user'] || env['PGUSER'] || '',
    password: settings.password || options['password'] || env['PGPASSWORD'] || '',
    tls: {
      mode: isTlsMode(mode) ? mode : 'prefer',
      rootCertificate: options['sslrootcert'] ?? env['PGSSLROOTCERT'] ?? '',
      certificate: options['sslcert'] ?? env['PGSSLCERT'] ?? '',
      key: options['sslkey'] ?? env['PGSSLKEY'] ?? '',
    },
  };
};
