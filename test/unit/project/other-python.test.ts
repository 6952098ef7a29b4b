import { expect, test } from 'vitest';

import { otherPython } from '../../../src/project/other-python.ts';
import type { PythonWish } from '../../../src/project/python-wishes.ts';

const packages = (text: string): PythonWish => ({
  kind: 'packages',
  source: 'requirements.txt (psycopg2-binary 2.8.6)',
  file: 'requirements.txt',
  text,
});
const image: PythonWish = { kind: 'image', source: 'Dockerfile', file: 'Dockerfile', text: '3.10', minors: [10] };
const range: PythonWish = { kind: 'range', source: 'pyproject.toml', file: 'pyproject.toml', text: '>=3.9' };

const advice = (wishes: readonly PythonWish[], installed: readonly number[], name = 'psycopg2-binary') =>
  otherPython(name, {
    python: { minor: 11, version: '3.11.7', interpreter: 'python3' },
    wishes,
    installed,
    venv: '.venv',
  });

test.each([
  ['one that fits and is installed', [packages('>=3.6,<3.10')], [8, 9, 11, 12], '3.9'],
  ['the image that fits, before a newer one', [packages('>=3.6,<3.11'), image], [9, 10, 11], '3.10'],
  ['the image, where none is installed that has files', [packages('>=3.5,<3.8'), image], [8, 9, 10, 11], '3.10'],
  ['one that requires-python allows', [packages('>=3.6,<3.10'), range], [8, 9, 11], '3.9'],
])('another Python for a package that does not work on this one: %s', (_what, wishes, installed, version) => {
  const said = advice(wishes, installed) ?? '';
  expect(said).toMatch(/^requirements\.txt \(psycopg2-binary 2\.8\.6\) has files for Python >=3/);
  expect(said).toContain(`Python ${version} is installed`);
  expect(said).toContain(`"python": "python${version}"`);
  expect(said).toContain('delete .venv');
});

test('no other Python is advised for another package, for one that works here, or where none is installed', () => {
  expect(advice([packages('>=3.6,<3.10')], [9], 'mysqlclient')).toBeUndefined();
  expect(advice([packages('>=3.6,<3.12')], [9])).toBeUndefined();
  expect(advice([packages('>=3.6,<3.10')], [11, 12])).toBeUndefined();
});
