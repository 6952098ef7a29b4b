import { closeSync } from 'node:fs';

/** Returns the number of bytes written, as fs.writeSync does. */
export type WriteBytes = (fd: number, bytes: Buffer) => number;

/** Writes the whole text; a single call may take only a part of it. */
export const writeAll = (fd: number, text: string, write: WriteBytes): void => {
  let bytes = Buffer.from(text, 'utf8');
  while (bytes.length > 0) bytes = bytes.subarray(write(fd, bytes));
};

export const closeQuietly = (fd: number): void => {
  try {
    closeSync(fd);
  } catch {
    // Nothing more can be done with it, and everything was written before.
  }
};
