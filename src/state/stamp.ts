import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../core/shape.ts';
import { readJson } from './read-json.ts';
import type { StateStore } from './state-store.ts';
import { writeAtomically } from './write-atomically.ts';

const STAMP_FILE = '.devsetup-stamp.json';

/**
 * A small document about an environment (a virtual environment, a node_modules), kept inside of it, so that it is gone when the
 * environment is. Where nothing can be written there, it is kept in the state store together with the identity of the folder, and
 * counts for that very folder only.
 */
export interface StampPlace {
  /** The folder it describes. */
  readonly environment: string;
  readonly store: StateStore;
  /** Its name in the store, e.g. `backend-dependencies`. */
  readonly key: string;
  /** The folder is part of the checkout: nothing is written into it. */
  readonly outside?: boolean;
}

/** The stamp of this environment, or undefined: never written, or of one that is gone. */
export const readStamp = ({ environment, store, key, outside = false }: StampPlace): unknown => {
  const identity = identityOf(environment);
  if (identity === undefined) return undefined;
  const inside = outside ? undefined : readJson(join(environment, STAMP_FILE));
  if (inside?.kind === 'document') return inside.document;
  // None, or one that cannot be read: the work is done again, which is what a missing stamp means anyway.
  const kept = store.read(storeKey(key));
  return isKept(kept) && kept.identity === identity ? kept.value : undefined;
};

/** To be called after success only. */
export const writeStamp = ({ environment, store, key, outside = false }: StampPlace, value: unknown): void => {
  try {
    if (!outside) {
      writeAtomically(join(environment, STAMP_FILE), `${JSON.stringify(value, null, 2)}\n`);
      return;
    }
  } catch {
    // Not writable: the store takes it, and says so if it cannot.
  }
  store.write(storeKey(key), { identity: identityOf(environment) ?? null, value });
};

/** To be called before work begins that a stamp describes: should it be cut short, nothing claims that it was done. */
export const removeStamp = ({ environment, store, key }: StampPlace): void => {
  try {
    rmSync(join(environment, STAMP_FILE), { force: true });
  } catch {
    // Then it could not have been written there either, or it is overwritten by the next success.
  }
  store.remove(storeKey(key));
};

const storeKey = (key: string): string => `stamp-${key}`;

/** Differs between a folder and another one that takes its name later. */
const identityOf = (directory: string): string | undefined => {
  try {
    const found = statSync(directory);
    return found.isDirectory() ? `${found.dev}:${found.ino}:${found.birthtimeMs}` : undefined;
  } catch {
    // Not there, or not to be seen: nothing is known about it.
    return undefined;
  }
};

const isKept = (kept: unknown): kept is { readonly identity: string; readonly value: unknown } =>
  isRecord(kept) && typeof kept['identity'] === 'string' && 'value' in kept;
