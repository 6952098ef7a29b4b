import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

const options = (pid: number, onWaiting: (pid: number) => void = () => undefined) => ({
  pid,
  signal: AbortSignal.timeout(10_000),
  onWaiting,
});

describe('withFileLock', () => {
  it('lets the second wait for the first, and tells it so', async () => {
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

  it('takes over from a process that has ended, and from one that wrote nothing', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    for (const left of [String(pid), '']) {
      await withFileLock(file, options(process.pid), async () => undefined);
      writeFileSync(file, left);
      expect(await withFileLock(file, options(process.pid), async (waited) => waited)).toBe(false);
    }
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
