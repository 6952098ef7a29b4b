import { createHash, createHmac, randomBytes } from 'node:crypto';

import { isDevsetupError } from '../core/errors.ts';
import type { State } from '../core/step.ts';
import type { Inputs, WatchedTable } from '../django/protocol.ts';
import { digestDatabase } from '../postgres/digest-database.ts';
import type { DatabaseTarget } from '../postgres/target.ts';
import { markFiles } from '../state/mark-files.ts';
import type { StateStore } from '../state/state-store.ts';
import { findPasswordSource, readPassword, type PasswordSource } from './find-password.ts';

/** What was found by Django, and everything it depended on. */
interface Memory {
  /** Of devsetup, the configuration, the interpreter: see `RecallOptions.key`. */
  readonly key: string;
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly filesDigest: string;
  /** null: the whole environment. */
  readonly variables: readonly string[] | null;
  /** Values of variables are compared by a keyed hash: nothing of them is kept. */
  readonly salt: string;
  readonly environmentDigest: string;
  /** Without its password. */
  readonly target: Omit<DatabaseTarget, 'password'>;
  readonly password: PasswordSource;
  readonly tables: readonly WatchedTable[];
  readonly databaseDigest: string;
  readonly states: Readonly<Record<string, State>>;
}

export interface RecallOptions {
  readonly store: StateStore;
  /** Whatever else decides what the steps find; another key forgets everything. */
  readonly key: readonly unknown[];
  /** The complete environment of children. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Variables that differ between two terminals and that no settings depend on. */
const VOLATILE: ReadonlySet<string> = new Set(['_', 'OLDPWD', 'PWD', 'SHLVL']);
const STORE_KEY = 'recall';

/**
 * What the steps found at the end of the last good run, if nothing that it depended on has changed since: no file that Django
 * read or imported, no variable it looked at, no schema, migration, tenant, domain or superuser in the database, which is asked anew.
 * undefined where anything differs or cannot be compared: then Django is started and asked.
 */
export const recall = async (options: RecallOptions): Promise<Readonly<Record<string, State>> | undefined> => {
  const memory = options.store.read(STORE_KEY) as Memory | undefined;
  if (memory === undefined || memory.key !== keyOf(options.key)) return undefined;
  if (memory.environmentDigest !== digestEnvironment(options.env, memory.variables, memory.salt)) return undefined;
  if (memory.filesDigest !== markFiles([...memory.files, ...memory.folders]).digest) return undefined;
  const password = readPassword(memory.password, options.env);
  if (password === undefined) return undefined;
  try {
    const found = await digestDatabase({ ...memory.target, password }, memory.tables, { signal: options.signal });
    return found.digest === memory.databaseDigest ? memory.states : undefined;
  } catch (error) {
    // Not there, not let in, or without a table that was there: the steps find out which and say so.
    if (isDevsetupError(error) || isDatabaseAnswer(error)) return undefined;
    throw error;
  }
};

const isDatabaseAnswer = (error: unknown): boolean => error instanceof Error && 'code' in error;

export interface Finding {
  readonly inputs: Inputs;
  readonly target: DatabaseTarget;
  /** Milliseconds since 1970: a file changed after this may not be the one that Django read. */
  readonly djangoStartedAt: number;
  /**
   * Looks once more, after the database was condensed: what changes before that is seen by the look, what changes later by the next
   * comparison. null: something is to be done.
   */
  readonly look: () => Promise<Readonly<Record<string, State>> | null>;
}

/** Keeps what a good run found for `recall`. Keeps nothing where it could not be compared later. */
export const remember = async (options: RecallOptions, finding: Finding): Promise<void> => {
  const { inputs, target, env } = { ...finding, ...options };
  const password = findPasswordSource(target.password, env);
  const files = markFiles(inputs.files);
  if (password === null || files.newest >= finding.djangoStartedAt) return options.store.remove(STORE_KEY);
  const { digest: databaseDigest } = await digestDatabase(target, inputs.tables, { signal: options.signal });
  const states = await finding.look();
  if (states === null) return options.store.remove(STORE_KEY);
  const salt = randomBytes(16).toString('hex');
  const { password: _, ...place } = target;
  const memory: Memory = {
    key: keyOf(options.key),
    files: inputs.files,
    folders: inputs.folders,
    filesDigest: markFiles([...inputs.files, ...inputs.folders]).digest,
    variables: inputs.variables,
    salt,
    environmentDigest: digestEnvironment(env, inputs.variables, salt),
    target: place,
    password,
    tables: inputs.tables,
    databaseDigest,
    states,
  };
  options.store.write(STORE_KEY, memory);
};

const keyOf = (parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** libpq reads PG… by itself, where nobody can watch. */
const digestEnvironment = (
  env: Readonly<Record<string, string>>,
  variables: readonly string[] | null,
  salt: string,
): string => {
  const names = variables ?? Object.keys(env).filter((name) => !VOLATILE.has(name));
  const driver = Object.keys(env).filter((name) => /^PG[A-Z]+$/.test(name));
  const values = [...new Set([...names, ...driver])].toSorted().map((name) => [name, env[name] ?? null]);
  return createHmac('sha256', salt).update(JSON.stringify(values)).digest('hex');
};
