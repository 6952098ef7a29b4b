import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashInputs } from '../../../src/state/input-hash.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hash-'));
  mkdirSync(join(directory, 'a/requirements'), { recursive: true });
  writeFileSync(join(directory, 'a/requirements.txt'), '-r requirements/base.txt\n');
  writeFileSync(join(directory, 'a/requirements/base.txt'), 'django\n');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const files = (root = 'a'): string[] =>
  ['requirements.txt', 'requirements/base.txt'].map((name) => join(directory, root, name));

test('is the same as long as nothing changes, also where the checkout is moved', async () => {
  const before = await hashInputs(files(), ['3.12']);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  expect(await hashInputs(files(), ['3.12'])).toBe(before);
  renameSync(join(directory, 'a'), join(directory, 'b'));
  expect(await hashInputs(files('b'), ['3.12'])).toBe(before);
});

test('differs once anything that counts does', async () => {
  const hashes = [await hashInputs(files(), ['3.12'])];
  const note = async (hash: Promise<string>): Promise<void> => void hashes.push(await hash);
  await note(hashInputs(files(), ['3.13']));
  await note(hashInputs(files(), ['3.1', '2']));
  await note(hashInputs(files(), []));
  await note(hashInputs(files().toReversed(), ['3.12']));
  await note(hashInputs(files().slice(0, 1), ['3.12']));
  writeFileSync(join(directory, 'a/requirements/base.txt'), 'django<6\n');
  await note(hashInputs(files(), ['3.12']));
  writeFileSync(join(directory, 'a/requirements/base.txt'), '');
  await note(hashInputs(files(), ['3.12']));
  rmSync(join(directory, 'a/requirements/base.txt'));
  await note(hashInputs(files(), ['3.12']));
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('of no files is that of the extras', async () => {
  expect(await hashInputs([], ['a'])).not.toBe(await hashInputs([], ['b']));
});

test('a file that is there and cannot be read is an error, not a hash', async () => {
  await expect(hashInputs([join(directory, 'a')], [])).rejects.toThrow('it is a folder');
});
