import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStateStore } from '../../../src/state/state-store.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'state-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('what one run writes the next one reads, and nobody else can', () => {
  const place = join(directory, 'devsetup', 'project-1');
  openStateStore(place).write('key', { a: [1, 'ü'] });
  const store = openStateStore(place);
  expect(store.read('key')).toEqual({ a: [1, 'ü'] });
  expect(store.read('other')).toBeUndefined();
  expect(store.warnings()).toEqual([]);
  expect(statSync(place).mode & 0o777).toBe(0o700);
  expect(statSync(join(place, 'key.json')).mode & 0o777).toBe(0o600);
  expect(readdirSync(place)).toEqual(['key.json']);
});

test('a removed document is gone', () => {
  const store = openStateStore(directory);
  store.write('key', 1);
  store.remove('key');
  store.remove('never-there');
  expect(store.read('key')).toBeUndefined();
  expect(store.warnings()).toEqual([]);
});

test('the keys of all documents that are there can be listed, also of those the disk did not take', () => {
  const store = openStateStore(directory);
  for (const key of ['a.two', 'a.one', 'b.one']) store.write(key, key);
  openStateStore(directory).remove('a.two');
  expect(store.keys('a.')).toEqual(['a.one']);
  writeFileSync(join(directory, 'file'), '');
  const nowhere = openStateStore(join(directory, 'file', 'state'));
  nowhere.write('a.one', 1);
  nowhere.write('a.two', 2);
  nowhere.remove('a.two');
  expect(nowhere.keys('a.')).toEqual(['a.one']);
});

test('a document that is not JSON is taken for absent, with one warning, and can be replaced', () => {
  writeFileSync(join(directory, 'key.json'), '{"a":');
  const store = openStateStore(directory);
  expect(store.read('key')).toBeUndefined();
  expect(store.read('key')).toBeUndefined();
  expect(store.warnings()).toEqual([`${join(directory, 'key.json')} is ignored: it is not valid JSON`]);
  store.write('key', 2);
  expect(store.read('key')).toBe(2);
});

test('a disk that takes nothing costs one warning: the process remembers', () => {
  // A file where the directory should be stops root, too.
  writeFileSync(join(directory, 'file'), '');
  const store = openStateStore(join(directory, 'file', 'state'));
  store.write('one', 1);
  store.write('two', 2);
  expect(store.read('one')).toBe(1);
  store.remove('one');
  expect(store.read('one')).toBeUndefined();
  expect(store.warnings()).toHaveLength(1);
  expect(store.warnings()[0]).toMatch(
    /file.state cannot be written: what this run learns is forgotten afterwards \(E\w+\)$/,
  );
});

test('a document that cannot be replaced keeps its old content, and leaves nothing beside it', () => {
  mkdirSync(join(directory, 'key.json'));
  const store = openStateStore(directory);
  store.write('key', 1);
  expect(store.read('key')).toBe(1);
  expect(readdirSync(directory)).toEqual(['key.json']);
  expect(store.warnings()).toHaveLength(1);
});

test('a file that everybody could read becomes private', () => {
  writeFileSync(join(directory, 'key.json'), '1');
  chmodSync(join(directory, 'key.json'), 0o666);
  openStateStore(directory).write('key', 2);
  expect(readFileSync(join(directory, 'key.json'), 'utf8')).toBe('2\n');
  expect(statSync(join(directory, 'key.json')).mode & 0o777).toBe(0o600);
});
