import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface FileLockOptions {
  /** Of this process; the lock of one that has ended is taken over. */
  readonly pid: number;
  readonly signal: AbortSignal;
  /** Called once, when somebody else holds it. */
  readonly onWaiting: (pid: number) => void;
}

const PAUSE_MILLISECONDS = 250;

/**
 * Runs `fn` while no other process of this user does so under the same file. `waited` tells that somebody else did before.
 * Where the file cannot be written nothing is locked: that two runs come at the same time is rare, and must not make one impossible.
 */
export const withFileLock = async <T>(
  path: string,
  options: FileLockOptions,
  fn: (waited: boolean) => Promise<T>,
): Promise<T> => {
  let waited = false;
  for (
    let taken = take(path, options.pid);
    taken !== 'taken' && taken !== 'impossible';
    taken = take(path, options.pid)
  ) {
    if (!waited) options.onWaiting(taken.pid);
    waited = true;
    await sleep(PAUSE_MILLISECONDS, undefined, { signal: options.signal });
  }
  try {
    return await fn(waited);
  } finally {
    if (readHolder(path) === options.pid) rmSync(path, { force: true });
  }
};

const take = (path: string, pid: number): 'taken' | 'impossible' | { readonly pid: number } => {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch {
    // As documented: without a place for it there is no lock.
    return 'impossible';
  }
  try {
    writeFileSync(path, String(pid), { flag: 'wx', mode: 0o600 });
    return 'taken';
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) return 'impossible';
  }
  const holder = readHolder(path);
  if (holder !== undefined && holder !== pid && isAlive(holder)) return { pid: holder };
  removeStale(path, pid, holder);
  return take(path, pid);
};

/** Moved away first and looked at there: another process may have taken it over in between, and gets it back. */
const removeStale = (path: string, pid: number, holder: number | undefined): void => {
  const aside = `${path}.${pid}`;
  try {
    renameSync(path, aside);
    if (readHolder(aside) !== holder) linkSync(aside, path);
  } catch {
    // Somebody else was quicker: the next try tells what is there now.
  }
  rmSync(aside, { force: true });
};

const readHolder = (path: string): number | undefined => {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || undefined;
  } catch {
    // Gone, or not readable: nobody is known to hold it.
    return undefined;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};
