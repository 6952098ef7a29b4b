import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { imageMinor } from '../../../src/project/image-pythons.ts';
import { readPackagePythons } from '../../../src/project/package-pythons.ts';
import { makeTree, type Tree } from './make-tree.ts';

const read = async (tree: Tree): Promise<readonly string[]> => {
  const root = await makeTree(tree);
  const files = Object.keys(tree).map((name) => path.join(root, name));
  return (await readPackagePythons(root, files)).map(({ source, text }) => `${source}: ${text}`);
};

describe('the Python that the packages work on', () => {
  it.each<[string, Tree, readonly string[]]>([
    ['an exact version', { 'r.txt': 'Django==4.0.10\n' }, ['r.txt (Django 4.0.10): >=3.8,<3.13']],
    ['one with extras, in any case', { 'r.txt': 'django[argon2] == 6.0.1 # x\n' }, ['r.txt (Django 6.0.1): >=3.12']],
    ['the newest series of a range', { 'r.txt': 'Django>=3.0,<4.0\n' }, ['r.txt (Django >=3.0,<4.0): >=3.6,<3.13']],
    ['a compatible release', { 'r.txt': 'Django~=4.1.2\n' }, ['r.txt (Django ~=4.1.2): >=3.8,<3.14']],
    ['a range without an end', { 'r.txt': 'Django>=5.0\n' }, ['r.txt (Django >=5.0): >=3.10']],
    ['no version', { 'r.txt': 'Django\n' }, []],
    ['a package that is called similarly', { 'r.txt': 'django-tenants==3.2.1\n' }, []],
    ['two versions', { 'a.txt': 'Django==3.1\n', 'b.txt': 'Django==4.2\n' }, []],
    [
      'the lock before the manifest',
      {
        'pyproject.toml': '[project]\ndependencies = [\n  "django>=4",\n]\n',
        'uv.lock': '[[package]]\nname = "django"\nversion = "3.1.14"\n',
      },
      ['uv.lock (Django 3.1.14): >=3.6,<3.12'],
    ],
    [
      'Pipfile.lock',
      { 'Pipfile.lock': '{"default": {"django": {"hashes": ["x"], "version": "==5.0.1"}}}' },
      ['Pipfile.lock (Django 5.0.1): >=3.10,<3.14'],
    ],
    [
      'the wheels of the driver',
      { 'r.txt': 'psycopg2-binary==2.9.9\npsycopg[binary,pool]==3.1.8\n' },
      ['r.txt (psycopg2-binary 2.9.9): >=3.7,<3.13', 'r.txt (psycopg-binary 3.1.8): >=3.7,<3.12'],
    ],
  ])('%s', async (_, tree, expected) => {
    expect(await read(tree)).toEqual(expected);
  });
});

it.each([
  ['python:3.12-slim', 12],
  ['docker.io/library/python:3.11.4', 11],
  ['mcr.microsoft.com/devcontainers/python:1-3.12-bookworm', 12],
  ['mcr.microsoft.com/devcontainers/python:3.10', 10],
  ['ghcr.io/astral-sh/uv:0.8-python3.12-bookworm', 12],
  ['python:3', null],
  ['node:20', null],
  ['nikolaik/python-nodejs:python3.9-nodejs20', 9],
])('the image %s has Python 3.%s', (reference, minor) => {
  expect(imageMinor(reference)).toBe(minor);
});
