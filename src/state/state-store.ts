import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { readJson } from './read-json.ts';
import { writeAtomically } from './write-atomically.ts';

/** Small JSON documents about one checkout. Losing them costs time, never correctness: nothing here throws. */
export interface StateStore {
  readonly directory: string;
  /** The document, or undefined where there is none that can be read. */
  read(key: string): unknown;
  /** Replaces the document as a whole. What the disk does not take is remembered for this process. */
  write(key: string, value: unknown): void;
  remove(key: string): void;
  /** Of the documents that are there, sorted. */
  keys(prefix: string): readonly string[];
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
      const found = readJson(pathOf(key));
      if (found.kind === 'document') return found.document;
      if (found.kind === 'unreadable') warnings.add(`${pathOf(key)} is ignored: ${found.reason}`);
      return undefined;
    },
    write: (key, value) => {
      try {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        writeAtomically(pathOf(key), `${JSON.stringify(value, null, 2)}\n`);
        memory.delete(key);
      } catch (error) {
        memory.set(key, value);
        warnings.add(
          `${directory} cannot be written: what this run learns is forgotten afterwards (${reasonOf(error)})`,
        );
      }
    },
    remove: (key) => {
      try {
        rmSync(pathOf(key), { force: true });
        memory.delete(key);
      } catch (error) {
        if (isAbsent(error)) {
          memory.delete(key);
          return;
        }
        // What cannot be removed must at least not be believed by this process.
        memory.set(key, undefined);
        warnings.add(`${pathOf(key)} cannot be removed (${reasonOf(error)})`);
      }
    },
    keys: (prefix) => {
      const onDisk = namesIn(directory).filter((name) => name.endsWith('.json'));
      const keys = new Set(onDisk.map((name) => name.slice(0, -'.json'.length)));
      for (const [key, value] of memory) if (value === undefined) keys.delete(key);
      for (const [key, value] of memory) if (value !== undefined) keys.add(key);
      return [...keys].filter((key) => key.startsWith(prefix)).toSorted();
    },
    warnings: () => [...warnings],
  };
};

const namesIn = (directory: string): readonly string[] => {
  try {
    return readdirSync(directory);
  } catch {
    // Not made yet, or not readable: `write` says so where it matters.
    return [];
  }
};

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** Whether there is nothing at this path: also where a part of it is a file. */
const isAbsent = (error: unknown): boolean => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';

const reasonOf = (error: unknown): string => codeOf(error) ?? messageOf(error);
