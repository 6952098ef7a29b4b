import path from 'node:path';

import { shellWord } from '../core/shell-word.ts';

/** Where npx, `pnpm dlx`, `yarn dlx` and bunx keep a package that they have fetched to run it once. */
export const FETCHED = /[/\\](?:_npx|dlx|dlx-[^/\\]+|bunx-[^/\\]+)[/\\]/;

/**
 * How a user types this very devsetup in a folder: by name where npx finds it, in that folder or above it, else by its path. Never
 * without `--no-install`: where it is not installed, npx would fetch a stranger's package of that name.
 */
export const typedDevsetup = (cli: string, directory: string): string => {
  const modules = cli.indexOf(`${path.sep}node_modules${path.sep}`);
  const isAbove = modules >= 0 && `${directory}${path.sep}`.startsWith(`${cli.slice(0, modules)}${path.sep}`);
  if (isAbove) return 'npx --no-install devsetup';
  return FETCHED.test(cli) ? 'npx django-devsetup' : `node ${shellWord(cli)}`;
};
