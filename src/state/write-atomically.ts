import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Replaces the file as a whole, mode 0600: a reader finds the old content or the new one, never a part. */
export const writeAtomically = (path: string, text: string): void => {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
    // The mode above counts for new files only, and one of this name may have been left behind.
    chmodSync(temporary, 0o600);
    renameSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
};

const removeQuietly = (path: string): void => {
  try {
    rmSync(path, { force: true });
  } catch {
    // The write has failed already, and that is what the caller is told.
  }
};
