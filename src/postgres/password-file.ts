import path from 'node:path';

import { DEFAULT_PORT } from './database-target.ts';
import { pathIn, type LibpqSystem } from './libpq-system.ts';

export interface PasswordQuestion {
  /** The host as it is named, the address where none is; '' for the default socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/** `ignored`: why the file gives no password, for the message where the server asks for one. */
export interface PasswordAnswer {
  readonly password: string;
  readonly ignored?: string;
}

/** The folders that builds of libpq have as their default: for them the file says `localhost`. */
const DEFAULT_FOLDERS = ['', '/tmp', '/var/run/postgresql', '/run/postgresql'];

/**
 * The password that libpq takes from a password file. The package `pgpass`, which `pg` would ask, drops lines of less than eleven characters,
 * takes `\\:` for an escaped colon, knows no `localhost` for sockets, and reads the environment of devsetup instead of the project's.
 */
export const passwordFromFile = (
  file: string | null,
  question: PasswordQuestion,
  system: LibpqSystem,
): PasswordAnswer => {
  const place = file === null ? path.join(system.home, '.pgpass') : pathIn(system, file);
  const found = system.read(place);
  if (found === null)
    return { password: '', ...(file !== null && { ignored: `the password file ${place} cannot be read` }) };
  if (!found.isPrivate)
    return {
      password: '',
      ignored: `the password file ${place} is ignored, since its mode lets others read it: it must be 0600`,
    };
  const { host, port, database, user } = question;
  const names = DEFAULT_FOLDERS.includes(host) ? ['localhost', host] : [host];
  for (const line of found.text.split(/\r*\n/)) {
    if (line === '' || line.startsWith('#')) continue;
    for (const name of names) {
      const rest = [name, String(port || DEFAULT_PORT), database, user].reduce<string | null>(afterField, line);
      if (rest !== null) return { password: unescaped(rest) };
    }
  }
  return { password: '', ignored: `the password file ${place} has no line for this database` };
};

/** What comes after the first field, if that is `*` or this text; `\` makes the next character one of the text. */
const afterField = (line: string | null, text: string): string | null => {
  if (line === null || line.startsWith('*:')) return line?.slice(2) ?? null;
  let at = 0;
  for (const character of text) {
    if (line[at] === '\\') at += 1;
    if (line[at] === undefined || !line.startsWith(character, at)) return null;
    at += character.length;
  }
  return line[at] === ':' ? line.slice(at + 1) : null;
};

/** Up to a colon that is not escaped. */
const unescaped = (text: string): string => (/^(?:\\.|[^:\\]|\\$)*/s.exec(text)?.[0] ?? '').replaceAll(/\\(.)/gs, '$1');
