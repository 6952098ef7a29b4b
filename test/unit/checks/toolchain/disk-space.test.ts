import { expect, it } from 'vitest';

import { judgeDisk, type DiskFacts } from '../../../../src/checks/toolchain/judge-disk-space.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

const DISK: DiskFacts = {
  holds: 'the checkout',
  folder: "/workspaces/it's",
  total: 32 * GIB,
  free: 10 * GIB,
  freeFiles: 1e6,
};

it.each<[string, Partial<DiskFacts>, string | undefined]>([
  ['space enough', {}, undefined],
  ['1 GiB', { free: GIB }, undefined],
  ['less than 1 GiB', { free: GIB - 1 }, 'disk-nearly-full'],
  ['100 MiB', { free: 100 * MIB }, 'disk-nearly-full'],
  ['less than 100 MiB', { free: 100 * MIB - 1 }, 'disk-full'],
  ['a small one in memory that is empty', { total: 64 * MIB, free: 60 * MIB }, undefined],
  ['a small one in memory that is full', { total: 512 * MIB, free: 20 * MIB }, 'disk-full'],
  ['one that tells no size', { total: 0, free: 0, freeFiles: null }, undefined],
  ['no files left', { freeFiles: 3 }, 'disk-full'],
  ['files are not counted', { freeFiles: null }, undefined],
])('%s', (_, disk, code) => {
  expect(judgeDisk({ ...DISK, ...disk })?.code).toBe(code);
});

it('says how much is left, and how to see what takes it', () => {
  const problem = judgeDisk({ ...DISK, free: 512.7 * MIB });
  expect(problem?.message).toBe("512 MiB are left on the disk of /workspaces/it's (the checkout).");
  expect(problem?.remedy.command).toBe(`du -xh --max-depth=2 '/workspaces/it'\\''s' | sort -h | tail`);
});
