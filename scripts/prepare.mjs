// Brings a bare clone to the point where vitest and the demo can run: packages installed, dist built. Nothing is repeated
// that has not changed. Plain JavaScript without dependencies, since nothing is installed yet when it starts.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const run = (program, args) => {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  process.stderr.write(`prepare: ${[program, ...args].join(' ')} failed${error ? `: ${error.message}` : ''}\n`);
  process.exit(1);
};

/** The newest change below a path, in milliseconds; 0 if it is not there. Python, which is used as it is, does not count. */
const newest = (place) => {
  if (!existsSync(place)) return 0;
  const stat = statSync(place);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...names(place).map((name) => newest(path.join(place, name))));
};

const names = (directory) => readdirSync(directory).filter((name) => name !== 'python');

const at = (...names) => path.join(root, ...names);

const installed = at('node_modules', '.package-lock.json');
if (newest(installed) < newest(at('package-lock.json'))) run('npm', ['ci', '--no-audit', '--no-fund']);

const sources = Math.max(
  ...['src', 'scripts/build.mjs', 'scripts/bundle.mjs', 'tsconfig.build.json', 'package.json'].map((name) =>
    newest(at(name)),
  ),
);
if (newest(at('dist', '.built')) < sources) run(process.execPath, [at('scripts', 'build.mjs')]);
