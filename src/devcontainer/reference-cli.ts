import { createRequire } from 'node:module';
import path from 'node:path';

/** How to run the reference implementation of the specification that devsetup brings along; null where it was left out. */
export interface ReferenceCli {
  readonly program: string;
  readonly args: readonly string[];
}

export const findReferenceCli = (): ReferenceCli | null => {
  try {
    const manifest = createRequire(import.meta.url).resolve('@devcontainers/cli/package.json');
    return { program: process.execPath, args: [path.join(path.dirname(manifest), 'devcontainer.js')] };
  } catch {
    // Installed without it: there is nothing to ask.
    return null;
  }
};
