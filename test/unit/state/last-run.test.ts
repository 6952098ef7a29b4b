import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { markRunning, readLastRun, readRunning, recordLastRun } from '../../../src/state/last-run.ts';
import type { StateStore } from '../../../src/state/state-store.ts';
import { openStateStore } from '../../../src/state/state-store.ts';
import { doneReport } from '../ui/support/example-report.ts';

let directory: string;
let store: StateStore;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'last-run-'));
  store = openStateStore(directory);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const startedAt = '2026-01-02T03:04:05.000Z';

test('a run is marked while it goes on, and its report stays', () => {
  expect(readLastRun(store)).toBeUndefined();
  markRunning(store, { pid: 1, startedAt });
  expect(readRunning(openStateStore(directory))).toEqual({ pid: 1, startedAt });
  recordLastRun(store, doneReport, 1);
  const later = openStateStore(directory);
  expect(readRunning(later)).toBeUndefined();
  expect(readLastRun(later)).toEqual(doneReport);
});

test('a run that ends leaves the mark of another one that goes on', () => {
  markRunning(store, { pid: 1, startedAt });
  markRunning(store, { pid: process.pid, startedAt });
  recordLastRun(store, doneReport, 1);
  expect(readRunning(store)?.pid).toBe(process.pid);
});

test('a run that ends takes the mark of one that was killed with it', () => {
  markRunning(store, { pid: 2 ** 30, startedAt });
  recordLastRun(store, doneReport, 1);
  expect(readRunning(store)).toBeUndefined();
});

test('what another version wrote is not taken for a report', () => {
  store.write('last-run', { ...doneReport, schemaVersion: 99 });
  store.write('running', { pid: 'one' });
  expect(readLastRun(store)).toBeUndefined();
  expect(readRunning(store)).toBeUndefined();
});
