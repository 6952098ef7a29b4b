import { execFileSync } from 'node:child_process';

import { expect, it } from 'vitest';

import { shellWord } from '../../../src/core/shell-word.ts';

it.each(['/srv/app', 'a b', "it's", '$HOME `id` "x"', 'a\nb', '', '*', '-x'])('%j is one word to a shell', (value) => {
  const printed = execFileSync('bash', ['-c', `printf '<%s>' ${shellWord(value)}`], { encoding: 'utf8' });
  expect(printed).toBe(`<${value}>`);
});

it('leaves a plain path as it is', () => {
  expect(shellWord('/srv/my-app/backend')).toBe('/srv/my-app/backend');
});
