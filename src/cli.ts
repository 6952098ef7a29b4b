#!/usr/bin/env node
import process from 'node:process';

import { guardStreams } from './commands/guard-streams.ts';
import { readVersion } from './version.ts';

guardStreams();

const [first, ...rest] = process.argv.slice(2);

if ((first === '--version' || first === '-V') && rest.length === 0) {
  // Answered before anything else is loaded: hooks ask for it to see whether devsetup is there.
  process.stdout.write(`${readVersion()}\n`);
} else if (first === 'status' && rest.every((word) => word === '--json')) {
  // Asked for by prompts and hooks, too: the command line's parser takes longer to load than the answer takes.
  const { printStatus } = await import('./commands/print-status.ts');
  process.exitCode = (await printStatus({ json: rest.length > 0 })).exitCode;
} else if (first === 'db' && rest[0] === 'keep' && rest[1] !== undefined) {
  // Started by devsetup itself, apart from every terminal: what ends a command must not end it.
  const { keepDatabase } = await import('./commands/db.ts');
  await keepDatabase(rest[1]);
} else {
  const { main } = await import('./commands/main.ts');
  await main(process.argv);
}
