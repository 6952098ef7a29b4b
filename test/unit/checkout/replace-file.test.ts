import { chmodSync, linkSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

import { createFolder, replaceFile, writeResult } from '../../../src/checkout/replace-file.ts';
import { makeTree, type Tree } from '../project/make-tree.ts';

const OUTSIDE = 'it leads outside the checkout';
const REFUSED = /outside the checkout|ENOENT/;
const TREE: Tree = {
  'outside/victim': 'precious',
  'shop/.git': null,
  'shop/file': 'old',
  'shop/inner': { link: 'file' },
  'shop/outer': { link: '../outside/victim' },
  'shop/folder': { link: '../outside' },
  'shop/nowhere': { link: '../outside/new' },
};

test.each([
  ['a link', 'outer'],
  ['a link to a file that does not exist yet', 'nowhere'],
  ['a folder that is a link', 'folder/victim'],
  ['a new file in a folder that is a link', 'folder/new'],
])('never writes outside the checkout through %s', async (_, name) => {
  const root = await makeTree(TREE);
  const file = path.join(root, 'shop', name);
  await expect(replaceFile(file, 'new', path.join(root, 'shop'))).rejects.toThrow(REFUSED);
  await expect(replaceFile(file, 'new')).rejects.toThrow(REFUSED);
  await expect(writeResult(file, 'new')).rejects.toThrow(REFUSED);
  expect(readdirSync(path.join(root, 'outside'))).toEqual(['victim']);
  expect(readFileSync(path.join(root, 'outside/victim'), 'utf8')).toBe('precious');
  expect(readdirSync(path.join(root, 'shop')).filter((one) => one.includes('devsetup'))).toEqual([]);
});

test('writes through a link that stays in the checkout, which stays a link', async () => {
  const root = await makeTree(TREE);
  chmodSync(path.join(root, 'shop/file'), 0o640);
  await replaceFile(path.join(root, 'shop/inner'), 'new', path.join(root, 'shop'));
  expect(lstatSync(path.join(root, 'shop/inner')).isSymbolicLink()).toBe(true);
  expect(readFileSync(path.join(root, 'shop/file'), 'utf8')).toBe('new');
  expect(statSync(path.join(root, 'shop/file')).mode & 0o777).toBe(0o640);
});

test('leaves the other name of the same file (hard link) as it was', async () => {
  const root = await makeTree(TREE);
  linkSync(path.join(root, 'outside/victim'), path.join(root, 'shop/hard'));
  await replaceFile(path.join(root, 'shop/hard'), 'new', path.join(root, 'shop'));
  expect(readFileSync(path.join(root, 'shop/hard'), 'utf8')).toBe('new');
  expect(readFileSync(path.join(root, 'outside/victim'), 'utf8')).toBe('precious');
});

test('a result goes to any file the user names, and to what is not a regular file as it is', async () => {
  const root = await makeTree(TREE);
  await writeResult(path.join(root, 'outside/report'), 'new');
  expect(readFileSync(path.join(root, 'outside/report'), 'utf8')).toBe('new');
  await writeResult('/dev/null', 'new');
  expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('creates no folder outside the checkout', async () => {
  const root = await makeTree(TREE);
  const shop = path.join(root, 'shop');
  await expect(createFolder(path.join(shop, 'folder/a/b'), shop)).rejects.toThrow(OUTSIDE);
  expect(readdirSync(path.join(root, 'outside'))).toEqual(['victim']);
  expect(await createFolder(path.join(shop, 'a/b'), shop)).toBe(path.join(shop, 'a'));
});
