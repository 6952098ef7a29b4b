import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Compiled {
  /** URL of a module of `src`, as JavaScript that a bare `node` can import. */
  url(module: string): string;
  remove(): Promise<void>;
}

/** Compiles `src/postgres` for tests that need a process of their own (to kill it). Lies below node_modules so that packages resolve. */
export const compilePostgres = async (): Promise<Compiled> => {
  const cache = path.join(root, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(path.join(cache, 'devsetup-test-'));
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // Emits although another module may not be type-correct at the moment: types have a check of their own.
  await promisify(execFile)(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', directory, '--noCheck'], {
    cwd: root,
  });
  await promisify(execFile)('chmod', ['-R', 'a+rX', directory]);
  return {
    url: (module) => pathToFileURL(path.join(directory, module.replace(/\.ts$/, '.js'))).href,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
};
