import { type BigIntStats, lstatSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What tells two states of a path apart, without reading its content. */
export interface Mark {
  readonly text: string;
  /** Nanoseconds since 1970 of the last change, by the inode's own time, which no program can set back. 0n: it has none that counts. */
  readonly changedAt: bigint;
}

const MISSING: Mark = { text: 'missing', changedAt: 0n };

/**
 * Of a file: identity, size and both times, so that an edit shows that keeps size and `mtime`. Of a folder only what it is: its times
 * change with each file in it, and its entries are marked by themselves. Of a link its target, and what is there.
 */
export const markPath = (path: string): Mark => {
  const found = lstatOf(path);
  if (found === undefined) return MISSING;
  if (!found.isSymbolicLink()) return markStats(found);
  const target = follow(path);
  return {
    text: `link ${readLink(path)} ${target === undefined ? 'missing' : markStats(target).text}`,
    changedAt: target === undefined ? found.ctimeNs : latest(found.ctimeNs, markStats(target).changedAt),
  };
};

/** The mark of what is known to be a regular file: most of a tree is, and each question about its kind costs as much as the mark. */
export const markFile = (path: string): Mark => {
  const found = lstatOf(path);
  return found === undefined ? MISSING : markFileStats(found);
};

/** A change of rights changes `ctime`. */
const markFileStats = ({ ino, size, mtimeNs, ctimeNs }: BigIntStats): Mark => ({
  text: `file ${ino} ${size} ${mtimeNs} ${ctimeNs}`,
  changedAt: ctimeNs,
});

const markStats = (stats: BigIntStats): Mark => {
  if (stats.isFile()) return markFileStats(stats);
  return { text: `${stats.isDirectory() ? 'folder' : 'other'} ${stats.ino} ${stats.mode}`, changedAt: 0n };
};

/** The names in a folder. Python adds byte code while it runs, which decides nothing. */
export const markNames = (folder: string): Mark => {
  try {
    const names = readdirSync(folder);
    const shown = names.filter((name) => name !== BYTE_CODE).toSorted();
    return { text: shown.join('\n'), changedAt: shown.length < names.length ? changedBut(folder) : ctimeOf(folder) };
  } catch (error) {
    return failed(error);
  }
};

/** The names in a folder, and what each of them is. */
export const markEntries = (folder: string): Mark => {
  const names = markNames(folder);
  const marks = names.text === '' ? [] : names.text.split('\n').map((name) => markPath(join(folder, name)));
  return {
    text: [names.text, ...marks.map(({ text }) => text)].join('\n'),
    changedAt: marks.reduce((time, mark) => latest(time, mark.changedAt), names.changedAt),
  };
};

export const BYTE_CODE = '__pycache__';
/** Between the change of a folder and the birth of what was made in it. */
const SAME_MOMENT = 50_000_000n;

const ctimeOf = (folder: string): bigint => follow(folder)?.ctimeNs ?? 0n;

/** When the folder was changed; 0n where that was Python making its folder of byte code. */
const changedBut = (folder: string): bigint => {
  const changed = ctimeOf(folder);
  const born = lstatOf(join(folder, BYTE_CODE))?.birthtimeNs ?? 0n;
  return changed - born < SAME_MOMENT && born - changed < SAME_MOMENT ? 0n : changed;
};

export const latest = (one: bigint, other: bigint): bigint => (one > other ? one : other);

/** Not there, or not to be seen, is a state like any other. */
const failed = (error: unknown): Mark => ({
  text: error instanceof Error && 'code' in error ? String(error.code) : 'unknown',
  changedAt: 0n,
});

const lstatOf = (path: string): BigIntStats | undefined => {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    // A part of the path is a file, or may not be entered: nothing is seen there, by Python neither.
    return undefined;
  }
};

const follow = (path: string): BigIntStats | undefined => {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    // As above, or links in a circle.
    return undefined;
  }
};

const readLink = (path: string): string => {
  try {
    return readlinkSync(path);
  } catch {
    // Replaced in this very moment: the next comparison differs, which is right.
    return '';
  }
};

/** With links resolved; what is not there has no other name than the one given. */
export const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    // As documented.
    return path;
  }
};
