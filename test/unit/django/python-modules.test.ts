import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** The tests of the companion's modules that need no Django; they are written with Python's own unittest. */
test('the Python modules of the companion pass their own tests', async () => {
  const folder = path.join(import.meta.dirname, 'python');
  const source = path.resolve(import.meta.dirname, '../../../src/django/python');
  const { stderr } = await promisify(execFile)('python3', ['-m', 'unittest', 'discover', '--start-directory', folder], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      PYTHONPATH: source,
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  expect(stderr).toMatch(/Ran [1-9]\d* tests in [^]*\nOK/);
}, 60_000);
