import { realpathSync } from 'node:fs';

/** With links resolved; what is not there has no other name than the one given. */
export const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    // As documented.
    return path;
  }
};
