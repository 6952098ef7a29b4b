import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { writeSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { logProcesses } from '../../../src/setup/log-processes.ts';
import type { RunLogOptions } from '../../../src/ui/run-log.ts';
import { openRunLog } from '../../../src/ui/run-log.ts';
import { exampleStep } from './support/example-report.ts';

let directory: string;
let path: string;
let fallbackDirectory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'run-log-'));
  path = join(directory, 'setup.log');
  fallbackDirectory = join(directory, 'state', 'devsetup');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const open = (changes: Partial<RunLogOptions> = {}) =>
  openRunLog({
    path,
    fallbackDirectory,
    processes: logProcesses(4194305, join(directory, 'locks')),
    now: () => new Date('2026-01-02T03:04:05.678Z'),
    version: '1.2.3',
    command: 'devsetup --verbose',
    redact: (line) => line.replaceAll('hunter2', '***'),
    pid: 4194305,
    ...changes,
  });
const text = (file = path): string => readFileSync(file, 'utf8');
const modeOf = (file: string): number => statSync(file).mode & 0o777;

describe('the log of a run', () => {
  test('has a header, every line with time and step, the complete output, and a footer', async () => {
    const log = await open();
    log.event({ type: 'step-started', id: 'database', title: 'Database', phase: 'inspect' });
    log.event({ type: 'step-output', id: 'database', chunk: '10%\r100%\r\n\u001B[31mred\u001B[0m and mo' });
    log.event({ type: 'step-output', id: 'database', chunk: 're\nno line end' });
    log.event({
      type: 'step-finished',
      result: exampleStep({ id: 'database', title: 'Database', message: 'reachable' }),
    });
    log.event({ type: 'notice', level: 'verbose', text: 'two\nlines' });
    log.close('done');
    expect(text()).toBe(`=== devsetup run 2026-01-02T03:04:05.678Z pid 4194305 · devsetup 1.2.3 ===
command: devsetup --verbose
2026-01-02T03:04:05.678Z 4194305 [database] --- Database: looking
2026-01-02T03:04:05.678Z 4194305 [database] | 100%
2026-01-02T03:04:05.678Z 4194305 [database] | red and more
2026-01-02T03:04:05.678Z 4194305 [database] | no line end
2026-01-02T03:04:05.678Z 4194305 [database] --- Database: unchanged in 1.2s: reachable
2026-01-02T03:04:05.678Z 4194305 two
2026-01-02T03:04:05.678Z 4194305 lines
=== end of run 2026-01-02T03:04:05.678Z pid 4194305 · done ===
`);
    expect(log.path).toBe(path);
    expect(log.notice).toBeNull();
    expect(modeOf(path)).toBe(0o600);
  });

  test('names one cause once', async () => {
    const log = await open();
    const finish = (changes: Parameters<typeof exampleStep>[0]): void =>
      log.event({ type: 'step-finished', result: exampleStep({ title: changes.id, ...changes }) });
    const message = 'nothing listens';
    finish({ id: 'a', status: 'failed', message, failure: { code: 'LOST', message, hint: 'start it', output: [] } });
    finish({ id: 'b', status: 'not-attempted', message: 'waits for a' });
    finish({ id: 'c', status: 'not-attempted', message: 'waits for a' });
    log.close('failed');
    const lines = text().split('\n').slice(2, -2);
    expect(lines.map((line) => line.replace('2026-01-02T03:04:05.678Z 4194305 ', ''))).toEqual([
      '[a] --- a: failed in 1.2s',
      '[a]     LOST: nothing listens',
      '[a]     start it',
      '[b] --- b: not-attempted in 1.2s: waits for a',
      '[c] --- c: not-attempted in 1.2s',
    ]);
  });

  test('keeps the beginning and the end of a step that prints without end, and says how much is missing', async () => {
    const log = await open({ maxOutputCharacters: 64_000 });
    log.event({ type: 'step-started', id: 'a', title: 'A', phase: 'apply' });
    log.output('a', 'the first line\n');
    for (let round = 0; round < 2_000; round += 1) log.output('a', `${'x'.repeat(49)}\n`.repeat(50));
    log.output('a', 'the last line\n');
    log.event({ type: 'step-finished', result: exampleStep({ id: 'a', title: 'A', message: 'applied' }) });
    log.event({ type: 'step-started', id: 'b', title: 'B', phase: 'apply' });
    log.output('b', 'what another step says\n');
    log.close('done');
    const lines = text().split('\n');
    expect(text().length).toBeLessThan(80_000);
    expect(lines.findIndex((line) => line.endsWith('| the first line'))).toBeLessThan(5);
    const missing = lines.find((line) => line.includes('lines ('));
    const kept = lines.filter((line) => line.includes('| xxx')).length;
    expect(missing).toContain(`… ${100_000 - kept} lines (`);
    expect(lines.slice(-6).map((line) => line.replace(/^\S+ \d+ /, ''))).toEqual([
      '[a] | the last line',
      '[a] --- A: unchanged in 1.2s: applied',
      expect.stringContaining('[b] --- B: '),
      '[b] | what another step says',
      expect.stringContaining('=== end of run'),
      '',
    ]);
  });

  test('is appended to, and made private if it was not', async () => {
    writeFileSync(path, '2026-01-01T00:00:00.000Z 1 half a line');
    chmodSync(path, 0o666);
    (await open()).close('done');
    expect(text()).toMatch(/^2026\S+ 1 half a line\n=== devsetup run /);
    expect(modeOf(path)).toBe(0o600);
  });

  test('never holds a secret: not across chunks, in the command line, in a message or in the outcome', async () => {
    const log = await open({ command: 'devsetup --password hunter2' });
    log.output('a', 'password hun');
    log.output('a', 'ter2\n');
    log.line(null, 'with hunter2');
    log.event({ type: 'step-update', id: 'a', text: 'hunter2' });
    log.close('failed: hunter2');
    expect(text()).not.toContain('hunter2');
    expect(text().match(/\*\*\*/g)).toHaveLength(5);
  });

  test('cannot be made to look like another run by what a command prints', async () => {
    const log = await open({ command: 'devsetup\n=== devsetup run 2030-01-01T00:00:00.000Z pid 1 · ' });
    log.output('a', '=== devsetup run 2030-01-01T00:00:00.000Z pid 1 · devsetup 9 ===\n');
    log.close('done');
    expect(text().match(/^=== devsetup run /gm)).toHaveLength(1);
  });

  test('is on the disk at once: nothing is lost when the process ends', async () => {
    const log = await open();
    log.output('a', 'a line\n');
    expect(text()).toContain('| a line\n');
    log.close('done');
  });
});

describe('a log path that cannot be used', () => {
  const refusals: readonly (readonly [string, string, () => void])[] = [
    [
      'a symbolic link',
      'is a symbolic link',
      () => (writeFileSync(join(directory, 'victim'), 'victim'), symlinkSync('victim', path)),
    ],
    ['a dangling symbolic link', 'is a symbolic link', () => symlinkSync('nowhere', path)],
    ['a directory', 'is a directory', () => mkdirSync(path)],
    ['a FIFO', 'is not a regular file', () => execFileSync('mkfifo', [path])],
    [
      'a file with a second name',
      'has a second name (hard link)',
      () => (writeFileSync(join(directory, 'victim'), 'victim'), linkSync(join(directory, 'victim'), path)),
    ],
    [
      'in a directory that is not there',
      'cannot be written (ENOENT)',
      () => (path = join(directory, 'no', 'setup.log')),
    ],
  ];
  test.each(refusals)('%s: the log goes to the fallback and says so', async (_, reason, prepare) => {
    prepare();
    const log = await open();
    log.output('a', 'a line\n');
    log.close('done');
    const other = join(fallbackDirectory, 'setup.log');
    expect(log.path).toBe(other);
    expect(log.notice).toBe(`${path} ${reason}; the log is ${other}`);
    expect(text(other)).toContain('| a line\n');
    expect(modeOf(other)).toBe(0o600);
    expect(modeOf(fallbackDirectory)).toBe(0o700);
    expect(existsSync(join(directory, 'nowhere'))).toBe(false);
    const victim = join(directory, 'victim');
    expect(existsSync(victim) ? text(victim) : 'victim').toBe('victim');
  });

  test('a file of another user', async () => {
    writeFileSync(path, 'theirs');
    const uid = process.getuid?.() ?? 0;
    // Only root can give a file away; everybody else can be somebody else.
    if (uid === 0) chownSync(path, 65_534, 65_534);
    const log = await open(uid === 0 ? {} : { uid: uid + 1, fallbackDirectory: path });
    expect(log.notice).toContain(`${path} belongs to another user`);
    expect(text()).toBe('theirs');
    log.close('done');
  });

  test('nor a fallback: there is no log, a notice says why, and nothing throws', async () => {
    mkdirSync(path);
    writeFileSync(join(directory, 'file'), '');
    const log = await open({ fallbackDirectory: join(directory, 'file') });
    log.output('a', 'x\n');
    log.event({ type: 'notice', level: 'info', text: 'x' });
    log.close('done');
    expect(log.path).toBeNull();
    expect(log.notice).toMatch(/^no log is kept: .*setup\.log is a directory, and .*file.* cannot be made \(EEXIST\)$/);
    expect(log.warning()).toBeNull();
  });
});

describe('a disk that is full', () => {
  test('in the middle: the log ends with one warning, and the run goes on', async () => {
    let room = 400;
    const log = await open({
      write: (fd, bytes) => {
        if (room === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        const count = writeSync(fd, bytes.subarray(0, room));
        room -= count;
        return count;
      },
    });
    for (let line = 0; line < 100; line += 1) log.output('a', `line ${line}\n`);
    log.close('done');
    expect(statSync(path).size).toBe(400);
    expect(log.warning()).toBe(`the log ${path} is incomplete: it cannot be written any more (ENOSPC)`);
  });

  test('from the start: the fallback is tried', async () => {
    const log = await open({
      path: '/dev/full',
      write: () => {
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      },
    });
    expect(log.path).toBeNull();
    expect(log.notice).toContain('cannot be written (ENOSPC)');
    log.close('done');
  });
});

describe('a file that is no log of devsetup', () => {
  test.each([
    ['a file of the user', 'export PATH=~/bin:$PATH\n'],
    ['a log of another program', '2026-01-02 03:04:05 started\n'],
    ['one that mentions devsetup later', 'x\n=== devsetup run 2026-01-02T03:04:05.678Z pid 1 · devsetup 1 ===\n'],
  ])('%s keeps its text and its mode, and the log goes elsewhere', async (_, before) => {
    writeFileSync(path, before, { mode: 0o644 });
    chmodSync(path, 0o644);
    const log = await open();
    log.line(null, 'text');
    log.close('done');
    expect(text()).toBe(before);
    expect(modeOf(path)).toBe(0o644);
    expect(log.path).toBe(join(fallbackDirectory, 'setup.log'));
    expect(log.notice).toContain(`${path} exists and is not a log of devsetup; the log is `);
    expect(text(join(fallbackDirectory, 'setup.log'))).toContain('text');
  });

  test.each([
    ['of an earlier run', '=== devsetup run 2026-01-01T00:00:00.000Z pid 1 · devsetup 0.1.0 ===\ncommand: devsetup\n'],
    ['that lost its header', '2026-01-01T00:00:00.000Z 1 [database] | text\n'],
    ['that is empty', ''],
  ])('a log %s is appended to', async (_, before) => {
    writeFileSync(path, before, { mode: 0o644 });
    const log = await open();
    log.close('done');
    expect(log.notice).toBeNull();
    expect(text().startsWith(before)).toBe(true);
    expect(text()).toContain('=== end of run ');
  });

  test('a place that may not be written gets nothing, and the notice says why', async () => {
    const log = await open({ refusal: 'is outside the checkout' });
    log.close('done');
    expect(existsSync(path)).toBe(false);
    expect(log.notice).toContain(`${path} is outside the checkout; the log is `);
  });
});
