import { describe, expect, it } from 'vitest';

import { manifestWishes, type NodeWish } from '../../../src/checks/toolchain/node-wishes.ts';
import type { PythonWish } from '../../../src/project/python-wishes.ts';
import { describeImage } from '../../../src/scaffold/look/find-database.ts';
import { chooseNode } from '../../../src/scaffold/look/find-node-version.ts';
import { choosePython } from '../../../src/scaffold/look/find-python-version.ts';

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
