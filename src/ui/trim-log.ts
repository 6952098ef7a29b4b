import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { openLogFile } from './open-log-file.ts';
import type { LoggedRun } from './logged-runs.ts';
import { findRuns } from './logged-runs.ts';

/** What a log has to know about the processes that write to it. */
export interface LogProcesses {
  /** When this process started; null where the system does not tell. */
  readonly start: string | null;
  readonly isRunning: (run: Pick<LoggedRun, 'pid' | 'processStart'>) => boolean;
  /** Runs `fn` while no other process does so for this log. @throws where another one holds the lock for too long */
  readonly exclusively: (log: string, fn: () => void) => Promise<void>;
}

export interface SettleOptions {
  readonly uid: number | undefined;
  /** What this run has just written to the file. */
  readonly header: string;
  readonly pid: number;
  readonly processes: LogProcesses;
  readonly maxBytes: number;
  readonly now: () => Date;
  readonly writeAll: (fd: number, text: string) => void;
}

/**
 * Called after the header of this run was written to the file: drops the oldest runs when the file is too large, and makes sure that the
 * descriptor is that of the file with this name.
 *
 * Trimming replaces the file by rename, so no other process may be writing to it. A run writes its header first and takes the lock then;
 * the one that holds the lock looks for headers without a footer whose process lives. Either trimming is left to a later run, or the
 * newcomer has waited for the rename and opens the file again.
 *
 * @returns the descriptor to write to; the one given is closed if it is another.
 */
export const settleLogFile = async (path: string, fd: number, options: SettleOptions): Promise<number> => {
  let current = fd;
  const settle = (mayTrim: boolean): void => {
    current = reopenIfReplaced(path, current, options);
    if (mayTrim && fstatSync(current).size > options.maxBytes) current = trimIfPossible(path, current, options);
  };
  try {
    await options.processes.exclusively(path, () => settle(true));
  } catch {
    // A log that is too large still is a log; the next run tries again.
    settle(false);
  }
  return current;
};

const trimIfPossible = (path: string, fd: number, options: SettleOptions): number => {
  try {
    return trim(path, fd, options);
  } catch {
    // As above: the next run tries again.
    return fd;
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

/** A run that began days ago and has no footer was killed, and where the system tells no process start, its number is another's by now. */
const LONGEST_RUN_HOURS = 24;

const isActive = (run: LoggedRun, { pid, now, processes }: SettleOptions): boolean => {
  if (run.ended || run.pid === pid) return false;
  if (now().getTime() - Date.parse(run.startedAt) > LONGEST_RUN_HOURS * 3_600_000) return false;
  return processes.isRunning(run);
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
