import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTree, type Tree } from './make-tree.ts';
import { brokenVenv, DEBIAN, interpreter, python, pythonOf as find } from './python-of.ts';

const B = 'project/backend';

describe('a new environment is made with', () => {
  const several: Tree = { ...python('usr', 11), ...python('a', 10), ...python('b', 13) };
  const onPath = { path: ['usr/bin', 'a/bin', 'b/bin'] };
  const project = (requires: string): Tree => ({
    'project/pyproject.toml': `[project]\nrequires-python = "${requires}"\n`,
  });

  it.each<[string, Tree, string]>([
    ['the first python3', {}, 'usr/bin/python3'],
    ['the pinned version', { 'project/.python-version': '3.10.4\n' }, 'a/bin/python3.10'],
    [
      'the pinned version of the backend before that of the root',
      { 'project/.python-version': '3.13', [`${B}/.python-version`]: '3.10' },
      'a/bin/python3.10',
    ],
    ['the nearest where the pinned version is not there', { 'project/.python-version': '3.9' }, 'a/bin/python3.10'],
    ['the nearest older one where none is as new', { 'project/.python-version': '3.14' }, 'b/bin/python3.13'],
    ['the first python3 where it suits', project('>=3.10'), 'usr/bin/python3'],
    ['one that suits', project('>=3.12'), 'b/bin/python3.13'],
    [
      'one that suits poetry',
      { 'project/pyproject.toml': '[tool.poetry.dependencies]\npython = "~3.10"\n' },
      'a/bin/python3.10',
    ],
    [
      'one that suits rather than the pinned one',
      { ...project('>=3.12'), 'project/.python-version': '3.10' },
      'b/bin/python3.13',
    ],
    ['the nearest where none suits', project('>=3.14'), 'b/bin/python3.13'],
    ['the first python3 where the pin is not a version', { 'project/.python-version': 'my-env' }, 'usr/bin/python3'],
  ])('%s', async (_, tree, expected) => {
    const { root, found } = await find({ ...several, ...tree }, onPath);
    expect(path.relative(root, found.basePython)).toBe(expected);
  });

  it('the one of the image where a driver has no wheel for any', async () => {
    const tree = { 'project/Dockerfile': 'FROM python:3.10.9-slim\n', 'project/r.txt': 'psycopg2-binary==2.8.3\n' };
    const { root, found } = await find({ ...several, ...tree }, { ...onPath, inputs: ['project/r.txt'] });
    expect(path.relative(root, found.basePython)).toBe('a/bin/python3.10');
  });

  it('one that only its start tells the version of, where no other fits', async () => {
    const { root, found } = await find(
      { ...python('usr', 11), 'c/bin/python': interpreter({ minor: 9 }), 'project/.python-version': '3.9' },
      { path: ['usr/bin', 'c/bin'] },
    );
    expect(path.relative(root, found.basePython)).toBe('c/bin/python');
  });

  it('the interpreter the broken one was made from, where that is still there', async () => {
    const root = await makeTree({ ...python('official', 12) });
    const tree = {
      ...DEBIAN,
      ...brokenVenv(`${B}/.venv`),
      [`${B}/.venv/pyvenv.cfg`]: `home = ${root}/official/bin\nversion = 3.12.1\n`,
    };
    expect((await find(tree)).found.basePython).toBe(path.join(root, 'official/bin/python3.12'));
  });
});

describe('an interpreter that does not start is not chosen', () => {
  const broken = { program: '#!/bin/sh\necho "manager: version 3.14 is not installed" >&2\nexit 127\n' };

  it.each<[string, Tree, string]>([
    ['the next on PATH', { 'shims/python3': broken, ...python('usr', 11) }, 'usr/bin/python3.11'],
    [
      'one that the version manager has installed',
      { 'shims/python3': broken, 'shims/python3.12': broken, ...python('home/.pyenv/versions/3.12.1', 12) },
      'home/.pyenv/versions/3.12.1/bin/python3',
    ],
    [
      'the newest that fits, of any version manager',
      {
        'shims/python3': broken,
        'project/pyproject.toml': '[project]\nrequires-python = ">=3.10,<3.13"\n',
        ...python('home/.pyenv/versions/3.13.0', 13),
        ...python('home/.local/share/uv/python/cpython-3.12.4-linux-x86_64-gnu', 12),
        ...python('home/.asdf/installs/python/3.11.9', 11),
        ...python('usr', 9),
      },
      'home/.local/share/uv/python/cpython-3.12.4-linux-x86_64-gnu/bin/python3',
    ],
    [
      'one with the modules that an environment needs',
      { ...python('usr', 11, { venvs: false }), ...python('home/.local/share/mise/installs/python/3.12.1', 12) },
      'home/.local/share/mise/installs/python/3.12.1/bin/python3',
    ],
    [
      'not one of a version that devsetup does not work with',
      { ...python('usr', 7), ...python('home/.rye/py/cpython@3.10.2', 10) },
      'home/.rye/py/cpython@3.10.2/bin/python3',
    ],
  ])('%s', async (_, tree, expected) => {
    const { root, found } = await find(tree, { path: ['shims', 'usr/bin'], env: { HOME: 'home' } });
    expect(path.relative(root, found.basePython)).toBe(expected);
  });

  it('and where none starts, the error names each with its own words', async () => {
    await expect(find({ 'shims/python3': broken }, { path: ['shims'] })).rejects.toMatchObject({
      code: 'PYTHON_MISSING',
      message: expect.stringMatching(/shims\/python3: exit code 127: manager: version 3\.14 is not installed/),
    });
  });

  it.each<[string, Tree, string]>([
    ['setup.cfg', { 'project/setup.cfg': '[options]\npython_requires =\n    >=3.10,\n    <3.12\n' }, '3.11.1'],
    ['mise.toml', { 'project/mise.toml': '[tools]\npython = "3.10"\n' }, '3.10.1'],
    ['a Dockerfile', { 'project/Dockerfile': 'ARG V=3.12\nFROM docker.io/python:${V}-slim AS base\n' }, '3.12.1'],
    [
      'a Dockerfile that compose builds',
      {
        'project/docker-compose.local.yml':
          'services: {web: {build: {context: ., dockerfile: ./compose/web/Dockerfile}}}',
        'project/compose/web/Dockerfile': 'FROM python:3.10.4-slim\n',
      },
      '3.10.1',
    ],
    [
      'the image of the dev container',
      {
        'project/.devcontainer/devcontainer.json':
          '{ "image": "mcr.microsoft.com/devcontainers/python:1-3.12-bookworm", }',
      },
      '3.12.1',
    ],
    ['the version of Django', { 'project/requirements.txt': 'Django==3.1.14\n' }, '3.11.1'],
    ['the driver', { 'project/requirements.txt': 'psycopg2-binary==2.9.5\n' }, '3.11.1'],
  ])('%s says which is meant', async (_, tree, expected) => {
    const versions = [10, 11, 12, 13].map((minor) => python(`home/.pyenv/versions/3.${minor}.1`, minor));
    const { root, found } = await find(
      { ...Object.assign({}, ...versions), ...python('usr', 13), ...tree },
      { env: { HOME: 'home' }, inputs: ['project/requirements.txt'] },
    );
    expect(path.relative(root, found.basePython)).toBe(`home/.pyenv/versions/${expected}/bin/python3`);
  });
});
