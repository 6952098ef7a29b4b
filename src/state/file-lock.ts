import {
  linkSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { isRunning, readProcessStart, type ProcessMark } from './process-identity.ts';

export interface FileLockOptions {
  /** Of this process; the lock of one that has ended is taken over. */
  readonly pid: number;
  readonly signal: AbortSignal;
  /** Called once, when another process holds it. */
  readonly onWaiting: (pid: number) => void;
  /** The longest wait, and what is thrown after it. */
  readonly limit: { readonly milliseconds: number; readonly error: (pid: number) => Error };
}

/** The content of the file: the process that holds the lock. */
export interface LockMark extends ProcessMark {
  /** The namespace of its process number (a container has one of its own); null where the system does not tell. */
  readonly namespace: string | null;
}

const PAUSE_MILLISECONDS = 250;
/** How often the holder touches the file, and how old it may be. */
const TOUCH_MILLISECONDS = 2_000;
const UNTOUCHED_MILLISECONDS = 15_000;
/** A file without a mark may be one that is just being written. */
const UNWRITTEN_MILLISECONDS = 2_000;

/**
 * Runs `fn` while no other process of this user does so under the same file. `waited` tells that another one did before.
 * Where the file cannot be written nothing is locked: that two runs come at the same time is rare, and must not make one impossible.
 */
export const withFileLock = async <T>(
  path: string,
  options: FileLockOptions,
  fn: (waited: boolean) => Promise<T>,
): Promise<T> => {
  const self = markOf(options.pid);
  const deadline = performance.now() + options.limit.milliseconds;
  let waited = false;
  let isReported = false;
  for (let taken = take(path, self); typeof taken !== 'string'; taken = take(path, self)) {
    if (!isReported && taken.pid > 0) {
      isReported = true;
      options.onWaiting(taken.pid);
    }
    waited = true;
    if (performance.now() >= deadline) throw options.limit.error(taken.pid);
    await sleep(PAUSE_MILLISECONDS, undefined, { signal: options.signal });
  }
  const touching = setInterval(() => touch(path, self), TOUCH_MILLISECONDS);
  touching.unref();
  try {
    return await fn(waited);
  } finally {
    clearInterval(touching);
    if (isSame(readMark(path), self)) rmSync(path, { force: true });
  }
};

/** Whether the holder is to be waited for. `age`: milliseconds since the file was touched, either way: clocks jump. */
export const isHeld = (
  mark: LockMark | undefined,
  facts: { readonly age: number; readonly self: LockMark; readonly isRunning: (mark: ProcessMark) => boolean },
): boolean => {
  const { age, self } = facts;
  if (mark === undefined) return age < UNWRITTEN_MILLISECONDS;
  if (isSame(mark, self)) return false;
  // Of another container that shares this folder nothing is known but what it does to the file.
  if (mark.namespace !== null && self.namespace !== null && mark.namespace !== self.namespace)
    return age < UNTOUCHED_MILLISECONDS;
  return facts.isRunning(mark);
};

const take = (path: string, self: LockMark): 'taken' | 'impossible' | { readonly pid: number } => {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (create(path, self)) return 'taken';
    const mark = readMark(path);
    if (isHeld(mark, { age: ageOf(path), self, isRunning })) return { pid: mark?.pid ?? 0 }; // 0: not known yet.
    removeStale(path, self, mark);
  } catch {
    // As documented: without a place for it there is no lock.
    return 'impossible';
  }
  return take(path, self);
};

/** By a link to a file that is complete, so that a lock without its mark is never seen. @returns false: it exists. */
const create = (path: string, self: LockMark): boolean => {
  const own = `${path}.${self.pid}.new`;
  writeFileSync(own, renderMark(self), { mode: 0o600 });
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // A file system without links.
    return createAlone(path, self);
  } finally {
    rmSync(own, { force: true });
  }
};

const createAlone = (path: string, self: LockMark): boolean => {
  try {
    writeFileSync(path, renderMark(self), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
};

/** Moved away first and checked there: another process may have taken it over in between, and gets it back. */
const removeStale = (path: string, self: LockMark, mark: LockMark | undefined): void => {
  const aside = `${path}.${self.pid}`;
  try {
    renameSync(path, aside);
    if (!isSame(readMark(aside), mark)) linkSync(aside, path);
  } catch (error) {
    // Another process was quicker: the next try tells what is there now. Where it can never be removed there is no lock.
    if (!['ENOENT', 'EEXIST'].includes(codeOf(error))) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
};

const touch = (path: string, self: LockMark): void => {
  try {
    const now = new Date();
    if (isSame(readMark(path), self)) utimesSync(path, now, now);
  } catch {
    // Only a process of another container would miss it.
  }
};

const ageOf = (path: string): number =>
  Math.abs(Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0));

const markOf = (pid: number): LockMark => ({ pid, processStart: readProcessStart(pid), namespace: readNamespace() });

const readNamespace = (): string | null => {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    // A system without /proc.
    return null;
  }
};

/** The number first: that is all an older devsetup reads. */
const renderMark = ({ pid, processStart, namespace }: LockMark): string =>
  `${pid} ${processStart ?? '-'} ${namespace ?? '-'}\n`;

const readMark = (path: string): LockMark | undefined => {
  try {
    return parseMark(readFileSync(path, 'utf8'));
  } catch {
    // Gone, or not readable: no holder is known.
    return undefined;
  }
};

export const parseMark = (text: string): LockMark | undefined => {
  const [digits = '', processStart = '-', namespace = '-'] = text.trim().split(' ');
  const pid = Number(digits);
  if (!/^\d+$/.test(digits) || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const known = (word: string): string | null => (word === '-' ? null : word);
  return { pid, processStart: known(processStart), namespace: known(namespace) };
};

const isSame = (one: LockMark | undefined, other: LockMark | undefined): boolean =>
  one?.pid === other?.pid && one?.processStart === other?.processStart && one?.namespace === other?.namespace;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
