import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** The first program of this name in a folder of PATH. */
export const findOnPath = (program: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        // Not there: the next folder.
        return false;
      }
    });
