import path from 'node:path';

import { isDirectory, isFile } from '../../project/files.ts';
import { PACKAGE } from '../../project/read-package-json.ts';

/** What package.json says for `--package FILE|SPEC`: a file by its path from the root, else a version or an address as it is. */
export const packageSpec = async (
  asked: string | undefined,
  { cwd, root, version }: { readonly cwd: string; readonly root: string; readonly version: string },
): Promise<string> => {
  if (asked === undefined) return `^${version}`;
  const file = path.resolve(cwd, asked);
  if ((await isFile(file)) || (await isDirectory(file))) {
    return `file:${path.relative(root, file).split(path.sep).join('/')}`;
  }
  return asked.startsWith(`${PACKAGE}@`) ? asked.slice(PACKAGE.length + 1) : asked;
};
