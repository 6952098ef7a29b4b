import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { postNotice, removeNotice } from '../../../src/state/notice-file.ts';
import { parseNotices, type Notice } from '../../../src/state/notice.ts';
import { isRunning, readProcessStart } from '../../../src/state/process-identity.ts';
import { readRunState } from '../../../src/state/run-state.ts';
import { markRunning, recordLastRun } from '../../../src/state/last-run.ts';
import { openStateStore } from '../../../src/state/state-store.ts';
import { failedReport } from '../ui/support/example-report.ts';

let home: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'devsetup-notices-'));
  file = join(home, 'state', 'devsetup', 'notices');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const checkout = (name: string): string => {
  const root = join(home, name);
  mkdirSync(root, { recursive: true });
  return root;
};
const failed = (root: string, changes: Partial<Notice> = {}): Notice => ({
  status: 'failed',
  pid: process.pid,
  processStart: null,
  root,
  text: `the setup of ${root} failed`,
  gone: 'gone',
  ...changes,
});
const kept = (): readonly Notice[] => (existsSync(file) ? parseNotices(readFileSync(file, 'utf8')) : []);

describe('notices', () => {
  test('are one for each checkout, the newest first, in a file of the user alone', async () => {
    const [a, b] = [checkout('a'), checkout('b')];
    await postNotice(file, failed(a));
    await postNotice(file, failed(b));
    await postNotice(file, failed(a, { text: 'again' }));
    expect(kept().map(({ root, text }) => [root, text])).toEqual([
      [a, 'again'],
      [b, `the setup of ${b} failed`],
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('go with the next good run, by whatever name the checkout is called, and with their checkout', async () => {
    const [a, b, c] = [checkout('a'), checkout('b'), checkout('c')];
    for (const root of [a, b, c]) await postNotice(file, failed(root));
    symlinkSync(a, join(home, 'link'));
    rmSync(b, { recursive: true });
    await removeNotice(file, { root: join(home, 'link'), pid: process.pid });
    expect(kept().map(({ root }) => root)).toEqual([c]);
    await removeNotice(file, { root: c, pid: process.pid });
    expect(existsSync(file)).toBe(false);
  });

  test('of another run that goes on stay', async () => {
    const root = checkout('a');
    const processStart = readProcessStart(process.ppid);
    await postNotice(file, failed(root, { status: 'running', pid: process.ppid, processStart }));
    await removeNotice(file, { root, pid: process.pid });
    expect(kept()).toHaveLength(1);
  });

  test('hold nothing that steers a terminal or breaks a line', async () => {
    const root = checkout('a\u001B]0;x\u0007\tb\nc\u009B\u202E');
    await postNotice(file, failed(root));
    const text = readFileSync(file, 'utf8');
    expect(text.split('\n')).toHaveLength(2);
    expect(text.split('\t')).toHaveLength(6);
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202E]/);
    await removeNotice(file, { root, pid: process.pid });
    expect(kept()).toEqual([]);
  });

  test('of many runs at once are all kept', async () => {
    const roots = Array.from({ length: 12 }, (_, index) => checkout(`c${index}`));
    await Promise.all(roots.map((root) => postNotice(file, failed(root))));
    expect(
      kept()
        .map(({ root }) => root)
        .toSorted(),
    ).toEqual(roots.toSorted());
  });

  test('that cannot be written are no failure', async () => {
    writeFileSync(join(home, 'state'), 'a file, where a folder should be');
    await postNotice(file, failed(checkout('a')));
    await removeNotice(file, { root: checkout('a'), pid: process.pid });
    expect(statSync(join(home, 'state')).isFile()).toBe(true);
  });

  test('wait for nobody who holds the lock for ever', async () => {
    mkdirSync(join(home, 'state', 'devsetup'), { recursive: true });
    writeFileSync(`${file}.lock`, String(process.ppid));
    await postNotice(file, failed(checkout('a')));
    expect(kept()).toHaveLength(1);
  });
});

describe('a process', () => {
  test('is not taken for another one that got its number', () => {
    expect(isRunning({ pid: process.pid })).toBe(true);
    expect(isRunning({ pid: process.pid, processStart: readProcessStart(process.pid) })).toBe(true);
    expect(isRunning({ pid: process.pid, processStart: '1' })).toBe(readProcessStart(process.pid) === null);
    expect([0, -1, 1.5, Number.NaN, 2 ** 30].map((pid) => isRunning({ pid }))).toEqual(Array(5).fill(false));
  });

  test('that is gone leaves a run that was cut short', () => {
    const store = openStateStore(join(home, 'store'));
    expect(readRunState(store).kind).toBe('never');
    recordLastRun(store, failedReport, 1);
    expect(readRunState(store).kind).toBe('ended');
    markRunning(store, { pid: process.pid, startedAt: failedReport.startedAt, logFile: '/log' });
    expect(readRunState(store)).toMatchObject({ kind: 'running', mark: { logFile: '/log' } });
    markRunning(store, { pid: 2 ** 30, startedAt: failedReport.startedAt });
    expect(readRunState(store).kind).toBe('cut-short');
  });
});
