import { existsSync } from 'node:fs';

import { expect, test } from 'vitest';

import longTests from '../../long-tests.json' with { type: 'json' };
import { needs } from '../../support/needs.ts';
import { renderSkipped } from '../../support/skipped-tests.ts';

test('skipped tests are counted by reason and file', () => {
  const reason = 'zsh is not installed';
  const skipped = [
    { file: 'a.test.ts', reason },
    { file: 'b.test.ts', reason },
    { file: 'a.test.ts', reason },
  ];
  expect(renderSkipped(skipped)).toBe(
    '\nSkipped tests: 3\n  1 × zsh is not installed (b.test.ts)\n  2 × zsh is not installed (a.test.ts)\n',
  );
});

test('a test whose needs are met runs without options', () => {
  expect(needs(true, 'zsh is not installed')).toEqual({});
  expect(needs(false, 'zsh is not installed')).toEqual({
    skip: true,
    meta: { skipped: 'zsh is not installed', isOptional: false },
  });
});

test('the tests that take long are in files that are there', () => {
  expect(Object.keys(longTests).filter((file) => !existsSync(file))).toEqual([]);
});
