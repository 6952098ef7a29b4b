import { realpath } from 'node:fs/promises';
import path from 'node:path';

/** Of corepack, or of a version manager (Volta, mise, asdf): it chooses the version where it is started. */
export const isShim = async (program: string): Promise<boolean> => {
  const real = await realpath(program);
  return (
    [program, real].some((file) => /[/\\](?:shims|corepack)[/\\]/.test(file)) ||
    ['volta-shim', 'mise', 'proto', 'proto-shim'].includes(path.basename(real))
  );
};
