import { readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** What libpq takes from its surroundings. */
export interface LibpqSystem {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths start here: the folder of manage.py. */
  readonly directory: string;
  readonly home: string;
  /** Who logs in where no user is named. */
  readonly user: string;
  /** null: there is no such file, or it cannot be read. */
  readonly read: (file: string) => FoundFile | null;
}

export interface FoundFile {
  readonly text: string;
  /** Neither its group nor others may read or write it. */
  readonly isPrivate: boolean;
}

/** Of a process with these variables in this folder. */
export const libpqSystem = (env: LibpqSystem['env'], directory: string): LibpqSystem => ({
  env,
  directory,
  home: env['HOME'] || os.homedir(),
  user: os.userInfo().username,
  // As libpq where there is none: the service or the password is then missing, and that is reported.
  read: (file) => readRegular(file),
});

/** Of password, service and certificate files: no device, no pipe without a writer, nothing endless. null: it cannot be read. */
export const readRegular = (file: string): FoundFile | null => {
  try {
    const found = statSync(file);
    if (!found.isFile() || found.size > MOST_BYTES) return null;
    const isPrivate = process.platform === 'win32' || (found.mode & 0o077) === 0;
    return { text: readFileSync(file, 'utf8'), isPrivate };
  } catch {
    return null;
  }
};

const MOST_BYTES = 1_048_576;

/** For an address alone: no variables, no files. */
export const NO_SYSTEM: LibpqSystem = { env: {}, directory: '', home: '', user: '', read: () => null };

export const pathIn = ({ directory }: Pick<LibpqSystem, 'directory'>, file: string): string =>
  directory === '' ? file : path.resolve(directory, file);
