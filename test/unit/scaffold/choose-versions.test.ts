import { describe, expect, it } from 'vitest';

import { manifestWishes, type NodeWish } from '../../../src/checks/toolchain/node-wishes.ts';
import type { PythonWish } from '../../../src/project/python-wishes.ts';
import { describeImage, findDatabase } from '../../../src/scaffold/look/find-database.ts';
import { chooseNode } from '../../../src/scaffold/look/find-node-version.ts';
import { choosePython, findPythonVersion } from '../../../src/scaffold/look/find-python-version.ts';
import { makeTree } from '../project/make-tree.ts';

const range = (text: string): PythonWish => ({ kind: 'range', source: 'pyproject.toml', file: 'pyproject.toml', text });
const pythonPin = (...minors: number[]): PythonWish => ({
  kind: 'pin',
  source: '.python-version',
  file: '.python-version',
  text: '',
  minors,
});

describe('the Python version', () => {
  it.each<[string, readonly PythonWish[], string | undefined]>([
    ['a pin', [pythonPin(11)], '3.11'],
    ['a range that allows several: the usual one', [range('>=3.10')], '3.12'],
    ['a range that begins later', [range('>=3.13')], '3.13'],
    ['a range that ends earlier', [range('>=3.9,<3.11')], '3.10'],
    ['a pin within a range', [range('>=3.10'), pythonPin(13)], '3.13'],
    ['of several pins the one the range allows', [range('>=3.12'), pythonPin(11, 12)], '3.12'],
    ['a pin that contradicts the range', [range('>=3.12'), pythonPin(11)], '3.11'],
    ['nothing that can be had', [range('>=3.99')], undefined],
    ['nothing', [], undefined],
  ])('follows %s', (_, wishes, expected) => {
    expect(choosePython(wishes)?.value).toBe(expected);
  });
});

const nodePin = (...majors: number[]): NodeWish => ({
  kind: 'pin',
  source: '.nvmrc',
  file: '.nvmrc',
  text: '',
  majors,
});
const engines = (node: string): readonly NodeWish[] =>
  manifestWishes('package.json', JSON.stringify({ engines: { node } }), false);

describe('the Node version', () => {
  it.each<[string, readonly NodeWish[], string | undefined]>([
    ['a pin', [nodePin(24)], '24'],
    ['a range that allows several: the usual one', engines('>=18'), '22'],
    ['a range of one line', engines('^20.11.0'), '20'],
    ['a range that asks for a late version of its line', engines('>=22.15 <23'), '22'],
    ['a pin and a range', [...engines('>=20'), nodePin(20)], '20'],
    ['a pin older than devsetup runs on: the nearest', [nodePin(18)], '20'],
    ['a range older than that', engines('^16'), '20'],
    ['nothing', [], undefined],
  ])('follows %s', (_, wishes, expected) => {
    expect(chooseNode(wishes)?.value).toBe(expected);
  });
});

describe('an image of PostgreSQL', () => {
  it.each([
    ['postgres:16.3-alpine', '16.3', false],
    ['postgres:17', '17', false],
    ['docker.io/library/postgres:15.15-bookworm', '15.15', false],
    ['postgres:16.3@sha256:0123', '16.3', false],
    ['postgres:latest', undefined, false],
    ['postgres', undefined, false],
    ['postgres:${PG_VERSION}', undefined, false],
    ['postgis/postgis:16-3.4', '16', true],
    ['pgvector/pgvector:pg17', '17', true],
  ])('%s', (image, version, isSpecial) => {
    const found = describeImage(image, 'compose.yaml (db)');
    expect(found.version?.value).toBe(version);
    expect(found.special !== undefined).toBe(isSpecial);
  });
});

it('a compose file of any name tells the versions, also by the Dockerfiles it builds and their arguments', async () => {
  const root = await makeTree({
    'manage.py': '',
    'local.yml':
      'services:\n  django:\n    build: { context: ., dockerfile: docker/django/Dockerfile, args: [PYTHON_VERSION=3.11-slim] }\n    volumes: [.:/app]\n  docs:\n    build: { context: ., dockerfile: docker/docs/Dockerfile }\n  postgres:\n    build: { context: ., dockerfile: docker/postgres/Dockerfile }\n    env_file: [.envs/.postgres]\n',
    'docker/django/Dockerfile':
      'ARG PYTHON_VERSION=3.10-slim\nFROM python:${PYTHON_VERSION} as python\nFROM python as run\nENTRYPOINT ["/entrypoint"]\n',
    'docker/docs/Dockerfile': 'FROM python:3.9\n',
    'docker/postgres/Dockerfile': 'FROM postgres:14.2\n',
    '.envs/.postgres': 'POSTGRES_DB=shop\nPOSTGRES_PASSWORD=hush\n',
  });
  const places = { root, backendDirectory: root };
  expect(await findPythonVersion({ ...places, requirements: null })).toEqual({
    value: '3.11',
    source: 'docker/django/Dockerfile (FROM)',
  });
  const source = 'local.yml (postgres)';
  expect(await findDatabase(places)).toEqual({
    version: { value: '14.2', source },
    service: { value: 'postgres', source },
    name: { value: 'shop', source },
  });
});
