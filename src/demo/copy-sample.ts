import { cp, rename } from 'node:fs/promises';
import path from 'node:path';

/**
 * Copies the sample backend. A packed package has no `.gitignore` (npm leaves it out), so the sample carries it under another
 * name. Files that are there already are overwritten; others stay.
 */
export const copySample = async (sample: string, directory: string): Promise<void> => {
  await cp(sample, directory, {
    recursive: true,
    filter: (source) => !['__pycache__', 'node_modules'].includes(path.basename(source)),
  });
  await rename(path.join(directory, 'gitignore'), path.join(directory, '.gitignore'));
};
