import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Small JSON documents about one checkout. Losing them costs time, never correctness: nothing here throws. */
export interface StateStore {
  readonly directory: string;
  /** The document, or undefined where there is none that can be read. */
  read(key: string): unknown;
  /** Replaces the document as a whole. What the disk does not take is remembered for this process. */
  write(key: string, value: unknown): void;
  remove(key: string): void;
  /** What the user should know, each once. */
  warnings(): readonly string[];
}

/** The store in this directory, which is made (mode 0700) with the first write. Keys are file names without `.json`. */
export const openStateStore = (directory: string): StateStore => {
  const memory = new Map<string, unknown>();
  const warnings = new Set<string>();
  const pathOf = (key: string): string => join(directory, `${key.replace(/[^A-Za-z0-9._-]/g, '_')}.json`);

  return {
    directory,
    read: (key) => {
      if (memory.has(key)) return memory.get(key);
      try {
        return JSON.parse(readFileSync(pathOf(key), 'utf8')) as unknown;
      } catch (error) {
        if (!isAbsent(error)) warnings.add(`${pathOf(key)} cannot be read and is ignored (${reason(error)})`);
        return undefined;
      }
    },
    write: (key, value) => {
      const path = pathOf(key);
      const temporary = `${path}.${process.pid}.tmp`;
      try {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
        // A umask can only take bits away; a file left by another version may have too many.
        chmodSync(temporary, 0o600);
        renameSync(temporary, path);
        memory.delete(key);
      } catch (error) {
        memory.set(key, value);
        removeQuietly(temporary);
        warnings.add(`${directory} cannot be written: what this run learns is forgotten afterwards (${reason(error)})`);
      }
    },
    remove: (key) => {
      memory.delete(key);
      try {
        rmSync(pathOf(key), { force: true });
      } catch (error) {
        warnings.add(`${pathOf(key)} cannot be removed (${reason(error)})`);
      }
    },
    warnings: () => [...warnings],
  };
};

const removeQuietly = (path: string): void => {
  try {
    rmSync(path, { force: true });
  } catch {
    // The write has failed already, and that is what the user is told.
  }
};

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

const isAbsent = (error: unknown): boolean => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';

const reason = (error: unknown): string =>
  error instanceof SyntaxError
    ? 'not valid JSON'
    : (codeOf(error) ?? (error instanceof Error ? error.message : String(error)));
