import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, it } from 'vitest';

import { readRegular } from '../../../src/postgres/libpq-system.ts';
import { makeTree } from '../project/make-tree.ts';

it.each<[string, (file: string) => void]>([
  ['a named pipe without a writer', (file) => execFileSync('mkfifo', [file])],
  ['a link to an endless device', (file) => symlinkSync('/dev/zero', file)],
  ['a folder', (file) => mkdirSync(file)],
  ['a file of 1 GB', (file) => (writeFileSync(file, ''), truncateSync(file, 2 ** 30))],
  ['nothing', () => undefined],
])('is not read: %s', async (_, make) => {
  const file = path.join(await makeTree({}), '.pgpass');
  make(file);
  expect(readRegular(file)).toBeNull();
});
