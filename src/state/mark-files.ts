import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';

export interface FileMarks {
  /** SHA-256 (hex) over path, size and time of each; that one is missing counts too. */
  readonly digest: string;
  /** Milliseconds since 1970 of the file that was changed last; 0 where there is none. */
  readonly newest: number;
}

/** Condenses the state of files and folders without reading them: a change of content changes size or time (or inode). */
export const markFiles = (paths: readonly string[]): FileMarks => {
  const hash = createHash('sha256');
  let newest = 0;
  for (const path of paths) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined) newest = Math.max(newest, found.mtimeMs);
    hash.update(found === undefined ? `${path}\0missing\n` : `${path}\0${found.ino} ${found.size} ${found.mtimeMs}\n`);
  }
  return { digest: hash.digest('hex'), newest };
};
