import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { withFileLock } from '../../../src/state/file-lock.ts';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'devsetup-lock-'));
  file = path.join(directory, 'state', 'install.lock');
});
afterEach(() => rmSync(directory, { recursive: true }));

const options = (pid: number, onWaiting: (pid: number) => void = () => undefined, milliseconds = 10_000) => ({
  pid,
  signal: new AbortController().signal,
  onWaiting,
  limit: { milliseconds, error: (holder: number) => new Error(`held by ${holder}`) },
});

const MINUTE_MILLISECONDS = 60_000;

/** What somebody left behind, a minute ago unless said otherwise. */
const leave = (text: string, age = MINUTE_MILLISECONDS): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  const time = new Date(Date.now() - age);
  utimesSync(file, time, time);
};

describe('withFileLock', () => {
  it('lets the second wait for the first, and reports it', async () => {
    const order: string[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const first = withFileLock(file, options(process.pid), async () => {
      await held;
      order.push('first');
    });
    const second = withFileLock(
      file,
      options(process.ppid, (pid) => {
        expect(pid).toBe(process.pid);
        release();
      }),
      async (waited) => {
        expect(waited).toBe(true);
        order.push('second');
      },
    );
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
    expect(existsSync(file)).toBe(false);
  });

  it.each<[string, () => string]>([
    ['a process that has ended', () => String(spawnSync(process.execPath, ['-e', '']).pid)],
    ['a process whose number another one has now', () => `${process.ppid} 1 -`],
    ['init of a container, which is always there', () => '1 999999999999 -'],
    ['a process of a container that is gone', () => `${process.ppid} 1 pid:[1]`],
    ['a process that wrote nothing', () => ''],
    ['a disk that was full', () => '\0\0\0\0'],
    ['something else', () => '{"pid": "x"}'],
    ['a number that is none', () => '-1 - -'],
  ])('takes over at once what was left by %s', async (_, left) => {
    leave(left());
    expect(await withFileLock(file, options(process.pid), async (waited) => waited)).toBe(false);
    expect(existsSync(file)).toBe(false);
  });

  it('takes over a lock whose time lies in the future: clocks jump', async () => {
    leave('', -MINUTE_MILLISECONDS);
    expect(await withFileLock(file, options(process.pid), async (waited) => waited)).toBe(false);
  });

  it('waits for a holder in another container as long as that touches the file', async () => {
    leave('1 1 pid:[1]', 0);
    await expect(withFileLock(file, options(process.pid, undefined, 600), async () => 'done')).rejects.toThrow(
      'held by 1',
    );
  });

  it('names a holder that is still there when its patience ends, and leaves it its lock', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const holding = withFileLock(file, options(process.ppid), () => held);
    const waiting = withFileLock(file, options(process.pid, undefined, 300), async () => 'done');
    await expect(waiting).rejects.toThrow(`held by ${process.ppid}`);
    expect(existsSync(file)).toBe(true);
    release();
    await holding;
    expect(existsSync(file)).toBe(false);
  });

  it('lets go when the work fails', async () => {
    const failing = withFileLock(file, options(process.pid), async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(existsSync(file)).toBe(false);
  });

  it('stands in nobody’s way where it cannot be written', async () => {
    writeFileSync(path.join(directory, 'state'), 'a file in the place of the folder');
    expect(await withFileLock(file, options(process.pid), async () => 'done')).toBe('done');
  });
});
