// `npm run demo` from a bare clone: installs and builds what is missing, then shows devsetup on the sample backend in .demo/.
// Plain JavaScript without dependencies, since nothing is installed yet when it starts.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { prepare } from './prepare.mjs';

prepare({ types: false });

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const given = process.argv.slice(2);
const directory = given.some((argument) => !argument.startsWith('-')) ? [] : [path.join(root, '.demo')];

const cli = path.join(root, 'dist', 'cli.js');
const child = spawn(process.execPath, [cli, 'demo', ...given, ...directory], {
  stdio: 'inherit',
  env: { ...process.env, DEVSETUP_DEMO_COMMAND: 'npm run demo --' },
});
// A Ctrl-C reaches the demo from the terminal itself; it ends in its own time, and this after it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('close', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
