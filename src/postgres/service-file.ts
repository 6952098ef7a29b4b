import path from 'node:path';

import { usageError, type DevsetupError } from '../core/errors.ts';
import { pathIn, type LibpqSystem } from './libpq-system.ts';

export interface Service {
  readonly file: string;
  /** The first value of each parameter, as libpq takes it. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Where distributions have libpq search if PGSYSCONFDIR is not set. */
const SYSTEM_FOLDERS = [
  '/etc/postgresql-common',
  '/etc/sysconfig/pgsql',
  '/etc/postgresql',
  '/usr/local/etc/postgresql',
  '/etc',
];

/**
 * The entry of a libpq service file: of `file` (PGSERVICEFILE or `servicefile`), else of ~/.pg_service.conf, else of the system's.
 * Throws `DATABASE_SERVICE_UNSUPPORTED` where there is none, or one that devsetup cannot follow.
 */
export const readService = (name: string, namedBy: string, file: string | null, system: LibpqSystem): Service => {
  const own = file === null ? path.join(system.home, '.pg_service.conf') : pathIn(system, file);
  const folders = system.env['PGSYSCONFDIR'] ? [system.env['PGSYSCONFDIR']] : SYSTEM_FOLDERS;
  const places = [own, ...folders.map((folder) => path.join(folder, 'pg_service.conf'))];
  for (const place of places) {
    const found = system.read(place);
    const parameters = found === null ? null : entryOf(found.text, name, place);
    if (parameters !== null) return { file: place, parameters };
  }
  throw refused(
    `${namedBy} names the libpq service "${name}", which is not defined in ${own} or the file of the system.`,
    `Add [${name}] to ${own}, or set PGSERVICEFILE to the file that defines it.`,
  );
};

/** null: the file has no such entry. */
const entryOf = (text: string, name: string, file: string): ReadonlyMap<string, string> | null => {
  const parameters = new Map<string, string>();
  let isInside = false;
  let isFound = false;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      if (isFound) break;
      isInside = line.startsWith(`[${name}]`);
      isFound ||= isInside;
      continue;
    }
    if (!isInside) continue;
    if (line.startsWith('ldap'))
      throw refused(
        `The libpq service "${name}" in ${file} is kept in a directory server (LDAP), which devsetup does not ask.`,
        'Set HOST, PORT, NAME and USER in DATABASES for the machine devsetup runs on.',
      );
    const [key = '', ...rest] = line.split('=');
    if (rest.length === 0 || key === 'service')
      throw refused(
        `The libpq service "${name}" in ${file} cannot be read: its line "${key}" is not a parameter with a value.`,
        'libpq refuses the file, too: correct the line.',
      );
    if (!parameters.has(key)) parameters.set(key, rest.join('='));
  }
  return isFound ? parameters : null;
};

const refused = (message: string, hint: string): DevsetupError =>
  usageError({ code: 'DATABASE_SERVICE_UNSUPPORTED', message, hint });
