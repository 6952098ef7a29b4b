// Bundles src/ into dist/, next to the declarations of its types (not with --without-types). Built in a folder of its own and swapped in,
// so that dist never holds a file whose source is gone, nor half a build.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { bundle } from './bundle.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...names) => path.join(root, ...names);

mkdirSync(at('.cache'), { recursive: true });
const work = mkdtempSync(at('.cache', 'build-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const built = path.join(work, 'dist');
const withTypes = !process.argv.includes('--without-types');
if (withTypes) {
  const tsc = at('node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', at('tsconfig.build.json'), '--outDir', built], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

await bundle({ cli: at('src/cli.ts'), index: at('src/index.ts') }, built);
chmodSync(path.join(built, 'cli.js'), 0o755);
// What is complete has this mark: without it, `npm test` and the package are built again.
if (withTypes) writeFileSync(path.join(built, '.built'), '');

/** Another build may put its own dist there between the two renames. */
const ATTEMPTS = 10;
for (let attempt = 1; ; attempt += 1) {
  try {
    renameSync(at('dist'), path.join(work, `old-${attempt}`));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  try {
    renameSync(built, at('dist'));
    break;
  } catch (error) {
    if (attempt === ATTEMPTS || !['ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
  }
}
