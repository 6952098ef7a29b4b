import { expect, test } from 'vitest';

import { readSuppressions } from '../../../../src/audit/suppress/read-suppressions.ts';

/** `line:column rules → covered lines: reason` of each comment. */
const told = (text: string): readonly string[] =>
  readSuppressions('a.yml', text).map(
    ({ span, rules, unknown, from, to, reason }) =>
      `${span.line}:${span.column} ${[...rules, ...unknown.map(({ name }) => `?${name}`)].join(' ')} → ${from}-${to}: ${reason}`,
  );

test.each([
  ['behind a line', 'a: 1 # devsetup: ignore[migrate/order] later', '1:6 migrate/order → 1-1: later'],
  ['above a line', '# devsetup: ignore[migrate/order] later\na: 1', '1:1 migrate/order → 2-2: later'],
  ['above other comments', '  # devsetup: ignore[image/*] why\n  # more\n  a: 1', '1:3 image/* → 3-3: why'],
  [
    'above a command of several lines',
    '# devsetup: ignore[*] why\ndocker run \\\n  -d \\\n  app\nnext',
    '1:1 * → 2-4: why',
  ],
  ['above a chain', '# devsetup: ignore[*] why\na &&\n  b ||\n  c |\n  d\ne', '1:1 * → 2-5: why'],
  ['above a block of YAML', '# devsetup: ignore[*] why\nrun: |\n  a\n', '1:1 * → 2-2: why'],
  ['above an item that is a block', '# devsetup: ignore[*] why\n- |\n  a\n', '1:1 * → 2-2: why'],
  [
    'several rules',
    'a # devsetup: ignore[ migrate/order , image/unresolved-tag ] both',
    '1:3 migrate/order image/unresolved-tag → 1-1: both',
  ],
  ['no reason', 'a # devsetup: ignore[migrate/order]', '1:3 migrate/order → 1-1: '],
  ['a rule there is not', 'a # devsetup: ignore[migrate/ordre] x', '1:3 ?migrate/ordre → 1-1: x'],
  ['no rule', 'a # devsetup: ignore[] x', '1:3  → 1-1: x'],
  ['with carriage returns', '# devsetup: ignore[*] why\r\na \\\r\n b\r\nc', '1:1 * → 2-3: why'],
  ['at the end of the file', '# devsetup: ignore[*] why', '1:1 * → 2-2: why'],
])('a comment %s', (_, text, expected) => {
  expect(told(text)).toEqual([expected]);
});

test.each([
  'echo "# devsetup: ignore[*] x"',
  "echo '# devsetup: ignore[*]'",
  'a#devsetup: ignore[*] x',
  '# devsetup ignores',
])('no comment of ours: %s', (text) => {
  expect(told(text)).toEqual([]);
});
