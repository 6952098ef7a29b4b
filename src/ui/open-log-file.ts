import { closeSync, constants, fchmodSync, fstatSync, lstatSync, openSync, readSync } from 'node:fs';

import { isLogStart } from './logged-runs.ts';

export type OpenedLogFile =
  | { readonly ok: true; readonly fd: number }
  /** Why not, in words that follow the path: `is a symbolic link`. */
  | { readonly ok: false; readonly reason: string };

const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Opens a log file for appending, mode 0600. A fixed name in a directory that everybody can write invites others to put
 * something there first, and a configuration that came with the checkout may name any file of the user: only a new file, or a log of
 * devsetup that belongs to this user and has no other name, is taken. Never through a symbolic link, a FIFO, a device, or a hard
 * link to something that matters.
 *
 * @param uid of this process; undefined where there are none (Windows).
 */
export const openLogFile = (path: string, uid: number | undefined): OpenedLogFile => {
  let fd: number | undefined;
  try {
    // Asked first because opening alone can already do something (a device) and because it gives the better reason.
    const before = lstatSync(path, { throwIfNoEntry: false });
    if (before?.isSymbolicLink() === true) return { ok: false, reason: 'is a symbolic link' };
    if (before?.isDirectory() === true) return { ok: false, reason: 'is a directory' };
    if (before !== undefined && !before.isFile()) return { ok: false, reason: 'is not a regular file' };
    if (before !== undefined && uid !== undefined && before.uid !== uid) return { ok: false, reason: NOT_OURS };

    fd = openSync(path, FLAGS, 0o600);
    // What counts is what was opened, not what was there a moment ago.
    const opened = fstatSync(fd);
    const reason = refusal(opened, uid) ?? (startsAsLog(fd) ? undefined : 'exists and is not a log of devsetup');
    if (reason !== undefined) {
      closeSync(fd);
      return { ok: false, reason };
    }
    if ((opened.mode & 0o777) !== 0o600) fchmodSync(fd, 0o600);
    return { ok: true, fd };
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    return { ok: false, reason: `cannot be written (${codeOf(error)})` };
  }
};

const NOT_OURS = 'belongs to another user';

const refusal = (
  file: { isFile(): boolean; readonly uid: number; readonly nlink: number },
  uid: number | undefined,
): string | undefined => {
  if (!file.isFile()) return 'is not a regular file';
  if (uid !== undefined && file.uid !== uid) return NOT_OURS;
  if (file.nlink > 1) return 'has a second name (hard link)';
  return undefined;
};

/** An empty file is one that a run was stopped at before it wrote its header. */
const startsAsLog = (fd: number): boolean => {
  const start = Buffer.alloc(64);
  const count = readSync(fd, start, 0, start.length, 0);
  return count === 0 || isLogStart(start.toString('latin1', 0, count));
};

/** `ENOSPC` and the like; the message where there is no code. */
export const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
};
