// npm run bench [-- --only first,second,nothing,checkout,pending,start,doctor,audit,memory,growth,thousand] [--pairs 5] [--quick]
// Compares devsetup with what it replaces, in turn on one machine and one PostgreSQL, and prints the ratios as Markdown.
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { importSource } from '../scripts/bundle.mjs';
import { audit } from './comparisons/audit.mjs';
import { doctor } from './comparisons/doctor.mjs';
import { firstRun } from './comparisons/first-run.mjs';
import { growth, GROWTH_HEAD } from './comparisons/growth.mjs';
import { largeCheckout } from './comparisons/large-checkout.mjs';
import { memory } from './comparisons/memory.mjs';
import { nothingToDo } from './comparisons/nothing-to-do.mjs';
import { pending } from './comparisons/pending.mjs';
import { secondRun } from './comparisons/second-run.mjs';
import { start } from './comparisons/start.mjs';
import { thousand, THOUSAND_HEAD } from './comparisons/thousand.mjs';
import { commandsFor } from './support/commands.mjs';
import { resetDatabase } from './support/databases.mjs';
import { createFleets } from './support/fleets.mjs';
import { addPendingMigrations, copyProject, ensureBenchVenv } from './support/prepare-project.mjs';
import { time } from './support/processes.mjs';
import { TIME_HEAD } from './support/rows.mjs';
import { markdownTable } from './support/statistics.mjs';

const { startEmbedded } = await importSource('postgres/embedded.ts');

const COMPARISONS = {
  first: firstRun,
  second: secondRun,
  nothing: nothingToDo,
  checkout: largeCheckout,
  pending,
  start,
  doctor,
  audit,
  memory,
};
const NAMES = [...Object.keys(COMPARISONS), 'growth', 'thousand'];

const { values } = parseArgs({
  options: { only: { type: 'string' }, pairs: { type: 'string' }, quick: { type: 'boolean', default: false } },
});
const only = values.only?.split(',') ?? NAMES;
const pairs = Number(values.pairs ?? (values.quick ? 2 : 5));
const unknown = only.filter((name) => !NAMES.includes(name));
if (unknown.length > 0 || !Number.isInteger(pairs) || pairs < 1) {
  process.stderr.write(`bench: --only takes some of ${NAMES.join(',')}; --pairs a number of at least 1\n`);
  process.exit(2);
}
const sizes = values.quick
  ? { medium: 5, large: 20, huge: 50, some: 20, thousand: 100 }
  : { medium: 50, large: 200, huge: 500, some: 100, thousand: 1000 };
const say = (text) => process.stderr.write(`bench: ${text}\n`);

const home = await mkdtemp(path.join(os.tmpdir(), 'devsetup-bench-'));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    // The server ends with this process.
    rmSync(home, { recursive: true, force: true });
    process.exit(130);
  });
}
say('preparing the project and PostgreSQL …');
const venv = await ensureBenchVenv();
const server = await startEmbedded({
  directory: path.join(home, 'postgres'),
  persistent: false,
  settings: { max_connections: '200', max_locks_per_transaction: '1024', shared_buffers: '512MB' },
});
try {
  const project = await copyProject(path.join(home, 'project'));
  const release = await copyProject(path.join(home, 'release'));
  const pendingMigrations = await addPendingMigrations(release);
  const state = path.join(home, 'state');
  const commands = commandsFor({ project, venv, state });
  const releaseCommands = commandsFor({ project: release, venv, state });
  const largeProject = await copyProject(path.join(home, 'large'));
  const largeCommands = commandsFor({ project: largeProject, venv, state });
  const fleets = createFleets({ server, commands, releaseCommands, say });
  const setting = {
    server,
    commands,
    releaseCommands,
    largeProject,
    largeCommands,
    pairs,
    sizes,
    fleets,
    pendingMigrations,
  };

  say('warming up …');
  await warmUp(commands, releaseCommands);
  const rows = [];
  for (const [name, measure] of Object.entries(COMPARISONS)) {
    if (!only.includes(name)) continue;
    say(`measuring ${name} …`);
    const measured = await measure(setting);
    for (const row of measured) say(row.join(' | '));
    rows.push(...measured);
  }
  const cpu = os.cpus()[0]?.model ?? 'unknown processor';
  process.stdout.write(`${pairs} pairs, ${os.availableParallelism()} cores (${cpu}), Node ${process.version}\n\n`);
  if (rows.length > 0) process.stdout.write(`${markdownTable([TIME_HEAD, ...rows])}\n\n`);
  if (only.includes('growth')) {
    say('measuring growth …');
    process.stdout.write(`${markdownTable([GROWTH_HEAD, ...(await growth(setting))])}\n`);
  }
  if (only.includes('thousand')) {
    say('measuring what a tenant costs the server …');
    const single = await copyProject(path.join(home, 'single'));
    const releases = [
      { pending: await addPendingMigrations(single, 1), commands: commandsFor({ project: single, venv, state }) },
      { pending: pendingMigrations, commands: releaseCommands },
    ];
    const rows = await thousand({ ...setting, releases, say });
    process.stdout.write(`${markdownTable([THOUSAND_HEAD, ...rows])}\n`);
  }
} finally {
  await server.stop();
  await rm(home, { recursive: true, force: true });
}

/** Once without being measured: bytecode, installed packages and devsetup's knowledge of them are in place afterwards. */
async function warmUp(commands, releaseCommands) {
  for (const each of [commands, releaseCommands]) {
    await each.sequence(await resetDatabase(server.url, 'bench_warm'));
    await time(each.devsetup(await resetDatabase(server.url, 'bench_warm')));
  }
}
