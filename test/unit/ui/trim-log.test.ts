import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, realpathSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { readProcessStart } from '../../../src/state/process-identity.ts';
import { logProcesses } from '../../../src/setup/log-processes.ts';
import type { RunLog } from '../../../src/ui/run-log.ts';
import { openRunLog } from '../../../src/ui/run-log.ts';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trim-log-'));
  path = join(directory, 'setup.log');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const NOBODY = 2 ** 22 + 1; // Larger than any process number Linux gives.
const open = (name: string, maxBytes: number, pid = NOBODY): Promise<RunLog> =>
  openRunLog({
    path,
    fallbackDirectory: join(directory, 'state'),
    processes: logProcesses(pid, join(directory, 'locks')),
    now: () => new Date(),
    version: '1.2.3',
    command: name,
    redact: (line) => line,
    maxBytes,
    pid,
  });
const run = async (name: string, maxBytes: number, bytes = 2000): Promise<void> => {
  const log = await open(name, maxBytes);
  for (let written = 0; written < bytes; written += 100) log.output('a', `${'日x'.repeat(25)}\n`);
  log.close('done');
};
const text = (): string => readFileSync(path, 'utf8');
/** Of this log, as devsetup names it. */
const lockFile = (): string => {
  const hash = createHash('sha256')
    .update(realpathSync(directory) + '/setup.log')
    .digest('hex');
  return join(directory, 'locks', `log-${hash.slice(0, 16)}.lock`);
};
const runs = (): readonly string[] => [...text().matchAll(/^command: (.*)$/gm)].map((match) => match[1] ?? '');

describe('a log that grows', () => {
  test('loses its oldest runs, whole, when the next one begins', async () => {
    for (const name of ['one', 'two', 'three', 'four']) await run(name, 100_000);
    expect(runs()).toEqual(['one', 'two', 'three', 'four']);
    const each = Math.round(statSync(path).size / 4);
    await run('five', Math.round(each * 2.5));
    expect(runs()).toEqual(['three', 'four', 'five']);
    expect(text()).toMatch(/^=== devsetup run /);
    expect(text()).not.toContain('\uFFFD');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['locks', 'setup.log']);
    expect(readdirSync(join(directory, 'locks'))).toEqual([]);
  });

  test('keeps the last run before this one however large it is, and all of this one', async () => {
    await run('old', 100);
    await run('large', 100, 50_000);
    await run('newest', 100, 50_000);
    expect(runs()).toEqual(['large', 'newest']);
    expect(text().match(/end of run/g)).toHaveLength(2);
  });

  test('drops what was there and is no run', async () => {
    writeFileSync(path, `2026-01-01T00:00:00.000Z 1 ${'x'.repeat(3_000_000)}`);
    await run('first', 10_000);
    expect(runs()).toEqual(['first']);
    expect(statSync(path).size).toBeLessThan(10_000);
  });

  test('finds the runs of a file that is read in several pieces', async () => {
    await run('one', 100_000_000, 3_000_000);
    await run('two', 100_000_000, 1_500_000);
    await run('three', 2_000_000);
    expect(runs()).toEqual(['two', 'three']);
  });
});

test('a log called yarn leaves the yarn.lock beside it alone', async () => {
  path = join(directory, 'yarn');
  const lock = join(directory, 'yarn.lock');
  writeFileSync(lock, '# yarn lockfile v1');
  const longAgo = Date.now() / 1000 - 60;
  utimesSync(lock, longAgo, longAgo);
  await run('one', 100_000);
  await run('two', 100_000);
  await run('three', 100);
  expect(runs()).toEqual(['two', 'three']);
  expect(readFileSync(lock, 'utf8')).toBe('# yarn lockfile v1');
});

describe('two runs at once', () => {
  test('do not lose a line of each other, although the log is too large', async () => {
    await run('old', 100);
    const other = spawn('sleep', ['60']);
    try {
      const first = await open('first', 100, other.pid);
      const second = await open('second', 100);
      first.output('a', 'of the first\n');
      second.output('a', 'of the second\n');
      second.close('done');
      first.close('done');
      expect(text()).toContain('of the first');
      expect(text()).toContain('of the second');
      expect(runs()).toEqual(['old', 'first', 'second']);
    } finally {
      other.kill();
    }
  });

  test('wait for one another while the file is replaced', async () => {
    await run('old', 100_000);
    const trimming = spawn('sleep', ['60']);
    try {
      const lock = lockFile();
      writeFileSync(lock, `${trimming.pid} ${readProcessStart(trimming.pid ?? 0)} -\n`);
      const opening = open('newcomer', 100_000);
      await sleep(60);
      // What the other one does: a new file takes the name.
      const kept = join(directory, 'kept');
      writeFileSync(kept, '2026-01-01T00:00:00.000Z 1 kept\n', { mode: 0o600 });
      await rm(path);
      renameSync(kept, path);
      await rm(lock);
      const log = await opening;
      log.output('a', 'a line\n');
      log.close('done');
    } finally {
      trimming.kill();
    }
    expect(text()).toMatch(/^2026\S+ 1 kept\n=== devsetup run .*\ncommand: newcomer\n.*a line\n=== end of run/);
  });

  test('are not held up by a lock of a process that has ended, although its number was given to another', async () => {
    await run('one', 100_000);
    await run('two', 100_000);
    writeFileSync(lockFile(), `${process.pid} 1 -\n`);
    await run('three', 100);
    expect(runs()).toEqual(['two', 'three']);
  });

  test('do not keep a log too large because the number of a killed run was given to another process', async () => {
    const killed = `=== devsetup run ${new Date().toISOString()} pid ${process.pid} · devsetup 1.2.3 · process start 1 ===\ncommand: killed\n`;
    writeFileSync(path, killed);
    await run('two', 100_000);
    await run('three', 100);
    expect(runs()).toEqual(['two', 'three']);
  });

  test('write whole lines', async () => {
    const logs = await Promise.all([open('a', 1e6), open('b', 1e6)]);
    for (let line = 0; line < 200; line += 1)
      logs.forEach((log, index) => log.output(`s${index}`, `${'ab'.repeat(300)}\n`));
    logs.forEach((log) => log.close('done'));
    const odd = text()
      .split('\n')
      .filter((line) => !/^(=== .* ===|command: [ab]|.*\[s[01]\] \| (ab){300}|)$/.test(line));
    expect(odd).toEqual([]);
  });
});
