import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { digestMarks, findDifference, findNewest } from '../../../src/state/digest-marks.ts';
import { markEntries, markNames, markPath } from '../../../src/state/path-marks.ts';
import { digestTree, isSeen, walkTree, type TreeOptions } from '../../../src/state/walk-tree.ts';

const NOTHING: ReadonlySet<string> = new Set();
const ALL: TreeOptions = { ignored: NOTHING, mostEntries: 1000 };
let root: string;
const at = (name: string): string => path.join(root, name);
const write = (name: string, text = ''): void => {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text);
};
const names = (): readonly string[] =>
  [...(walkTree(root, ALL)?.marks.keys() ?? [])].map((file) => path.relative(root, file));

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'devsetup-tree-'));
});
afterEach(() => rmSync(root, { recursive: true }));

it('marks files, folders and links, and enters neither links nor what tools made', () => {
  write('b/file');
  write('a');
  write('.git/HEAD');
  write('node_modules/x/index.js');
  write('b/__pycache__/file.pyc');
  write('env/pyvenv.cfg');
  write('env/lib/file');
  symlinkSync('b', at('link'));
  expect([...names()].toSorted()).toEqual(['a', 'b', 'b/file', 'link']);
});

it('has one digest, whether the marks are kept or not', () => {
  for (const name of ['z/a', 'z/b/c', 'a/x', 'a.b', 'a/y/z', 'm']) write(name, name);
  const written = new Set([at('a/x')]);
  const tree = walkTree(root, ALL);
  expect(digestTree(root, ALL, written)).toBe(digestMarks(tree?.marks ?? new Map(), written));
});

it('is undefined for a tree of more entries than it is worth', () => {
  for (let file = 0; file < 12; file += 1) write(String(file));
  expect(walkTree(root, { ...ALL, mostEntries: 10 })).toBeUndefined();
  expect(digestTree(root, { ...ALL, mostEntries: 10 }, NOTHING)).toBeUndefined();
});

it('notices an edit that keeps size and time, in a file and in a folder of names', () => {
  write('file', 'one');
  const { atime, mtime } = statSync(at('file'));
  const [file, entries] = [markPath(at('file')), markEntries(root)];
  writeFileSync(at('file'), 'two');
  utimesSync(at('file'), atime, mtime);
  expect(markPath(at('file')).text).not.toBe(file.text);
  expect(markEntries(root).text).not.toBe(entries.text);
});

it('compares what is only written by whether it is there', () => {
  write('log', 'one');
  const written = new Set([at('log')]);
  const before = digestTree(root, ALL, written);
  write('log', 'one and two');
  expect(digestTree(root, ALL, written)).toBe(before);
  rmSync(at('log'));
  expect(digestTree(root, ALL, written)).not.toBe(before);
});

it('does not take the folder of byte code for a change of the folder it is made in', () => {
  write('package/module.py');
  const before = markNames(at('package'));
  mkdirSync(at('package/__pycache__'));
  expect(markNames(at('package'))).toEqual({ text: before.text, changedAt: 0n });
});

it('finds what differs and what is newest, but for what is only written', () => {
  write('old');
  const before = walkTree(root, ALL)?.marks ?? new Map();
  write('new');
  write('log');
  const after = walkTree(root, ALL)?.marks ?? new Map();
  const written = new Set([at('log')]);
  expect(findDifference(before, after, written)).toBe(at('new'));
  expect(findDifference(after, before, written)).toBe(at('new'));
  expect(findDifference(after, after, written)).toBeNull();
  expect(findNewest(new Map([[at('log'), markPath(at('log'))]]), written)).toEqual({ path: null, changedAt: 0n });
});

it('tells what the walk has shown from what has to be compared by itself', () => {
  write('a/file');
  write('.git/HEAD');
  symlinkSync('/', at('link'));
  const tree = walkTree(root, ALL);
  if (tree === undefined) throw new Error('too large');
  expect(['a/file', 'a/missing', 'missing/deeper'].map((name) => isSeen(tree, root, at(name)))).toEqual([
    true,
    true,
    true,
  ]);
  expect(
    [`${root}/.git/HEAD`, `${root}/link/etc`, `${root}/a/../b`, '/etc', `${root}-other`, root].some((file) =>
      isSeen(tree, root, file),
    ),
  ).toBe(false);
});
