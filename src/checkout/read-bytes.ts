import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';

import { resolveInCheckout, type Bounds } from './boundary.ts';

export type FoundBytes =
  | {
      readonly kind: 'bytes';
      readonly bytes: Buffer;
      /** Where it really is. */
      readonly path: string;
    }
  | { readonly kind: 'absent' }
  /** In words that follow the file's name: `it is not a regular file`. */
  | { readonly kind: 'unreadable'; readonly reason: string };

export interface ReadOptions extends Bounds {
  readonly mostBytes?: number | undefined;
}

/** Lock files of large projects have some megabytes; nothing that devsetup reads has more. */
export const MOST_BYTES = 33_554_432;

const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export const LEADS_OUTSIDE = 'it leads outside the checkout';

/**
 * The one way to read a file of a checkout. A hostile checkout may contain a link to another user's file, a named pipe without a
 * writer, an endless device. Never throws.
 */
export const readBytes = (file: string, { mostBytes = MOST_BYTES, ...bounds }: ReadOptions = {}): FoundBytes => {
  let fd: number | undefined;
  try {
    const real = resolveInCheckout(file, bounds);
    if (real === null) return unreadable(LEADS_OUTSIDE);
    // Asked before opening, because opening alone can do something to a device.
    const there = statSync(real);
    if (!there.isFile()) return unreadable(there.isDirectory() ? IS_FOLDER : NO_FILE);
    fd = openSync(real, FLAGS);
    // What counts is what was opened, not what was there a moment ago.
    const opened = fstatSync(fd);
    if (!opened.isFile()) return unreadable(NO_FILE);
    if (resolveInCheckout(file, bounds) !== real || statSync(real).ino !== opened.ino) return unreadable(REPLACED);
    if (opened.size > mostBytes) return unreadable(tooLarge(mostBytes));
    const bytes = readUpTo(fd, opened.size, mostBytes);
    return bytes === null ? unreadable(tooLarge(mostBytes)) : { kind: 'bytes', bytes, path: real };
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
    return unreadable(`it cannot be read (${code})`);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
};

export const IS_FOLDER = 'it is a folder';
const NO_FILE = 'it is not a regular file';
const REPLACED = 'it was replaced while it was read';
export const tooLarge = (most: number): string => `it is larger than ${Math.round(most / 1_048_576)} MB`;
const unreadable = (reason: string): FoundBytes => ({ kind: 'unreadable', reason });

/** A file can grow while it is read, and some (`/proc`) claim to be empty. null: it has more than `most` bytes. */
const readUpTo = (fd: number, expected: number, most: number): Buffer | null => {
  const pieces: Buffer[] = [];
  let total = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(Math.max(4096, Math.min(expected - total + 1, most + 1)));
    const count = readSync(fd, piece, 0, piece.length, null);
    if (count === 0) return Buffer.concat(pieces, total);
    total += count;
    if (total > most) return null;
    pieces.push(piece.subarray(0, count));
  }
};
