import { expect, test } from 'vitest';

import { describeAge } from '../../../src/core/describe-age.ts';

const now = new Date('2026-01-02T12:00:00.000Z');

test.each([
  ['2026-01-02T11:59:30.000Z', 'just now'],
  ['2026-01-02T12:05:00.000Z', 'just now'],
  ['nonsense', 'just now'],
  ['2026-01-02T11:58:59.000Z', '1 minute ago'],
  ['2026-01-02T10:00:00.000Z', '2 hours ago'],
  ['2026-01-01T11:00:00.000Z', '1 day ago'],
  ['2025-12-01T12:00:00.000Z', '32 days ago'],
])('%s: %s', (then, age) => {
  expect(describeAge(then, now)).toBe(age);
});
