/**
 * Writes test/unit/dependencies/installer-records.json: what the installers of Python and Node packages say when they fail, each
 * brought to fail in every way of test/integration/installers/support/scenarios.ts. It needs Linux, root (a full disk, a user without
 * rights), both public registries, and half an hour. `node scripts/record-installers.mjs pipenv-- "hash mismatch"` records only those.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const tools = path.join(root, '.cache', 'installers');
mkdirSync(tools, { recursive: true });

for (const [name, wanted] of Object.entries({ uv: 'uv', poetry: 'poetry', pipenv: 'pipenv', pdm: 'pdm[locked]' })) {
  const venv = path.join(tools, name);
  if (existsSync(path.join(venv, 'bin', name))) continue;
  execFileSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' });
  execFileSync(path.join(venv, 'bin', 'pip'), ['install', '--quiet', wanted], { stdio: 'inherit' });
}
for (const [name, wanted] of Object.entries({
  pnpm: 'pnpm@10',
  'yarn-1': 'yarn@1',
  'yarn-4': '@yarnpkg/cli-dist@4',
  bun: 'bun@1',
})) {
  const folder = path.join(tools, name);
  const script = { 'yarn-1': 'yarn/bin/yarn.js', 'yarn-4': '@yarnpkg/cli-dist/bin/yarn.js' }[name] ?? `.bin/${name}`;
  if (!existsSync(folder)) execFileSync('npm', ['install', '--prefix', folder, wanted], { stdio: 'inherit' });
  mkdirSync(path.join(folder, 'bin'), { recursive: true });
  const program = path.join(folder, 'bin', name);
  writeFileSync(
    program,
    `#!/bin/sh\nexec ${name === 'bun' ? '' : 'node '}"${path.join(folder, 'node_modules', script)}" "$@"\n`,
  );
  chmodSync(program, 0o755);
}

const { status } = spawnSync(
  'npx',
  ['vitest', 'run', '--project', 'integration', 'test/integration/installers/contract.test.ts'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, DEVSETUP_RECORD: process.argv.slice(2).join(',') || 'all' } },
);
process.exitCode = status ?? 1;
