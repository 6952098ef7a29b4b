import path from 'node:path';
import { pathToFileURL } from 'node:url';

const DIST = path.resolve(import.meta.dirname, '../../dist');

/** URL of a module of `src` as it was built, which a bare `node` can import: for tests that need a process of their own (to kill it). */
export const builtModule = (module: string): string =>
  pathToFileURL(path.join(DIST, module.replace(/\.ts$/, '.js'))).href;
