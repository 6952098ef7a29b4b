import path from 'node:path';

import { shellWord } from '../core/shell-word.ts';

/**
 * How a user types this very devsetup in a folder: by name where npx finds it, in that folder or above it, else by its path. Never
 * without `--no-install`: where it is not installed, npx would fetch a stranger's package of that name.
 */
export const typedDevsetup = (cli: string, directory: string): string => {
  const modules = cli.indexOf(`${path.sep}node_modules${path.sep}`);
  const isAbove = modules >= 0 && `${directory}${path.sep}`.startsWith(`${cli.slice(0, modules)}${path.sep}`);
  return isAbove ? 'npx --no-install devsetup' : `node ${shellWord(cli)}`;
};
