// Compiles src/ to dist/ and puts the Django companion beside its client.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...names) => path.join(root, ...names);

const tsc = at('node_modules', 'typescript', 'bin', 'tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', at('tsconfig.build.json')], { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

cpSync(at('src', 'django', 'python'), at('dist', 'django', 'python'), {
  recursive: true,
  filter: (source) => !source.includes('__pycache__'),
});
chmodSync(at('dist', 'cli.js'), 0o755);
writeFileSync(at('dist', '.built'), '');
