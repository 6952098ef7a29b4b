import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { expect, it } from 'vitest';

import { markFiles } from '../../../src/state/mark-files.ts';

it('changes with content, time, disappearance and appearance, and with nothing else', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'devsetup-marks-'));
  const file = path.join(directory, 'settings.py');
  const missing = path.join(directory, 'local.py');
  writeFileSync(file, 'DEBUG = True');
  utimesSync(file, 1000, 1000);
  const first = markFiles([file, missing]);
  expect(markFiles([file, missing])).toEqual(first);
  expect(first.newest).toBe(1_000_000);

  utimesSync(file, 1000, 1001);
  const touched = markFiles([file, missing]);
  expect(touched.digest).not.toBe(first.digest);
  writeFileSync(missing, '');
  const appeared = markFiles([file, missing]);
  expect(appeared.digest).not.toBe(touched.digest);
  rmSync(file);
  expect(markFiles([file, missing]).digest).not.toBe(appeared.digest);
  rmSync(directory, { recursive: true });
});
