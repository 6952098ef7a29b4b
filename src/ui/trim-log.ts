import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, openLogFile } from './open-log-file.ts';
import type { LoggedRun } from './logged-runs.ts';
import { findRuns } from './logged-runs.ts';

export interface SettleOptions {
  readonly uid: number | undefined;
  /** What this run has just written to the file. */
  readonly header: string;
  readonly pid: number;
  readonly maxBytes: number;
  readonly now: () => Date;
  readonly writeAll: (fd: number, text: string) => void;
}

/** A lock that is older belongs to a process that was stopped in the middle of the moment that trimming takes. */
const LOCK_SECONDS = 10;
const LOOK_AGAIN_MILLISECONDS = 20;

/**
 * Called once the header of this run stands in the file: drops the oldest runs when the file is too large, and makes sure that the
 * descriptor is that of the file with this name.
 *
 * Trimming replaces the file by rename, so nobody else may be writing to it. Two rules make that so without a lock that runs
 * would have to hold: a run writes its header first and then looks for the lock; the one that trims takes the lock first and then
 * looks for headers without a footer whose process lives. One of the two always sees the other: either trimming is left to a
 * later run, or the newcomer waits for the rename and opens the file again.
 *
 * @returns the descriptor to write to; the one given is closed if it is another.
 */
export const settleLogFile = async (path: string, fd: number, options: SettleOptions): Promise<number> => {
  const lock = `${path}.lock`;
  let current = fd;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await waitWhileLocked(lock, options);
    const reopened = reopenIfReplaced(path, current, options);
    if (reopened === current) break;
    current = reopened;
  }
  if (fstatSync(current).size <= options.maxBytes || !takeLock(lock, options)) return current;
  try {
    return trim(path, current, options);
  } catch {
    // A log that is too large still is a log; the next run tries again.
    return current;
  } finally {
    rmSync(lock, { force: true });
  }
};

const waitWhileLocked = async (lock: string, options: SettleOptions): Promise<void> => {
  for (let waited = 0; waited < LOCK_SECONDS * 1000 && isLocked(lock, options); waited += LOOK_AGAIN_MILLISECONDS) {
    await sleep(LOOK_AGAIN_MILLISECONDS);
  }
};

const isLocked = (lock: string, { uid, now }: SettleOptions): boolean => {
  const file = lstatSync(lock, { throwIfNoEntry: false });
  if (file === undefined || (uid !== undefined && file.uid !== uid)) return false;
  return now().getTime() - file.mtimeMs < LOCK_SECONDS * 1000;
};

const takeLock = (lock: string, options: SettleOptions): boolean => {
  try {
    if (!isLocked(lock, options)) rmSync(lock, { force: true });
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch {
    // Another run trims, or nobody can here (a directory that cannot be written): in both cases not now.
    return false;
  }
};

const reopenIfReplaced = (path: string, fd: number, options: SettleOptions): number => {
  const named = lstatSync(path, { throwIfNoEntry: false });
  if (named !== undefined && named.ino === fstatSync(fd).ino) return fd;
  const again = openLogFile(path, options.uid);
  if (!again.ok) return fd;
  options.writeAll(again.fd, options.header);
  closeSync(fd);
  return again.fd;
};

const trim = (path: string, fd: number, options: SettleOptions): number => {
  const { size } = fstatSync(fd);
  const runs = findRuns(fd, size);
  if (runs.some((run) => isActive(run, options))) return fd;
  const start = keepFrom(runs, size, options.maxBytes);
  if (start === 0) return fd;

  const temporary = `${path}.${options.pid}.tmp`;
  const target = openSync(
    temporary,
    constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL,
    0o600,
  );
  try {
    copy(fd, target, start, size);
    // Somebody began while we copied.
    if (fstatSync(fd).size !== size) throw new Error('the log is in use');
    renameSync(temporary, path);
  } catch (error) {
    closeSync(target);
    rmSync(temporary, { force: true });
    throw error;
  }
  closeSync(fd);
  return target;
};

/** A run that began days ago and has no footer was killed; its number may be another process by now. */
const LONGEST_RUN_HOURS = 24;

const isActive = (run: LoggedRun, { pid, now }: SettleOptions): boolean => {
  if (run.ended || run.pid === pid) return false;
  if (now().getTime() - Date.parse(run.startedAt) > LONGEST_RUN_HOURS * 3_600_000) return false;
  try {
    process.kill(run.pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
};

/** Where the oldest run begins that is kept: the last one and this one in any case, and what fits before them. */
const keepFrom = (runs: readonly LoggedRun[], size: number, maxBytes: number): number => {
  const fitting = runs.find((run) => size - run.offset <= maxBytes);
  const last = runs.at(-2)?.offset ?? runs.at(-1)?.offset ?? 0;
  return Math.min(fitting?.offset ?? last, last);
};

const copy = (from: number, to: number, start: number, end: number): void => {
  const buffer = Buffer.alloc(1_048_576);
  for (let position = start; position < end;) {
    const count = readSync(from, buffer, 0, Math.min(buffer.length, end - position), position);
    if (count === 0) return;
    for (let written = 0; written < count;) written += writeSync(to, buffer, written, count - written);
    position += count;
  }
};
