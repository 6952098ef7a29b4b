import { access, constants } from 'node:fs/promises';
import path from 'node:path';

/** The first executable of that name on a PATH, or null. */
export const findProgram = async (name: string, searchPath: string | undefined): Promise<string | null> => {
  for (const directory of (searchPath ?? '').split(path.delimiter)) {
    if (directory === '') continue;
    const candidate = path.join(directory, name);
    const executable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return candidate;
  }
  return null;
};
