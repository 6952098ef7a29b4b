// Brings a bare clone to the point where vitest and the demo can run: packages installed, dist built. Nothing is repeated
// that has not changed. Plain JavaScript without dependencies, since nothing is installed yet when it starts.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Says what it does before it does it: npm and the bundler are silent for seconds. */
const run = (what, program, args) => {
  process.stderr.write(`${what}: ${path.basename(program)} ${args.join(' ')}\n`);
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

/** The demo needs the program alone; the declarations of its types, which take longer to write, are for tests and for the package. */
export const prepare = ({ types }) => {
  const installed = at('node_modules', '.package-lock.json');
  if (newest(installed) < newest(at('package-lock.json')))
    run('Installing the packages of this clone', 'npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund']);
  const sources = Math.max(
    ...['src', 'scripts/build.mjs', 'scripts/bundle.mjs', 'tsconfig.build.json', 'package.json'].map((name) =>
      newest(at(name)),
    ),
  );
  if (newest(at('dist', types ? '.built' : 'cli.js')) < sources)
    run('Building devsetup', process.execPath, ['scripts/build.mjs', ...(types ? [] : ['--without-types'])]);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) prepare({ types: true });
