import { expect, test } from 'vitest';

import { linesOfRun } from '../../../src/doctor/read-last-log.ts';

const LOG = [
  '=== devsetup run 2026-01-02T03:04:05.000Z pid 11 · devsetup 0.1.0 ===',
  'command: devsetup',
  '2026-01-02T03:04:05.100Z 11 configuration: none',
  '=== devsetup run 2026-01-02T03:04:06.000Z pid 111 · devsetup 0.1.0 ===',
  'command: devsetup --only database',
  '2026-01-02T03:04:06.100Z 111 the other checkout',
  '2026-01-02T03:04:07.000Z 11 [database] failed',
  '=== end of run 2026-01-02T03:04:08.000Z pid 11 · failed ===',
  '=== end of run 2026-01-02T03:04:09.000Z pid 111 · done ===',
];
const OWN = [LOG[0], LOG[2], LOG[6], LOG[7]];

test.each([
  ['with its header', LOG, OWN],
  ['of which the log no longer has the start', LOG.slice(2), []],
])('of a log that several checkouts write to, only the lines of a run count: %s', (_, lines, own) => {
  // It is recorded a moment after its log is opened.
  expect(linesOfRun(lines, '2026-01-02T03:04:05.003Z')).toEqual(own);
});
