// Source modules as bundles: loading a few large files costs Node a fraction of what hundreds of small ones do.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { rolldown } from 'rolldown';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Writes each named module to `<directory>/<name>.js`, what they share next to it. Packages stay imports. */
export const bundle = async (input, directory) => {
  const build = await rolldown({
    input,
    platform: 'node',
    external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
  });
  // In one folder: `src/version.ts` finds the package's files from there.
  await build.write({ dir: directory, format: 'esm', chunkFileNames: '[name]-[hash].js' });
  await build.close();
};

/** A module of `src/` for Node 20, which does not read TypeScript, in a new folder that the caller removes. */
export const bundleModule = async (file) => {
  const cache = path.join(root, '.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(path.join(cache, 'source-'));
  // For tests that start it as another user.
  chmodSync(directory, 0o755);
  await bundle({ module: path.join(root, 'src', file) }, directory);
  return { directory, url: pathToFileURL(path.join(directory, 'module.js')).href };
};

/** What a module of `src/` exports, for scripts. */
export const importSource = async (file) => {
  const { directory, url } = await bundleModule(file);
  // What a module loads later still has to be there.
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  return import(url);
};
