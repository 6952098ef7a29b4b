import { expect, it } from 'vitest';

import { asksForJson, windowsMistake } from '../../../src/commands/usage-mistake.ts';

it.each([
  ['--json', true],
  ['audit --format json', true],
  ['audit --format=sarif=a.sarif,json', true],
  ['audit --format json=a.json', false],
  ['exec -- npm --json', false],
])('%s asks for JSON on stdout: %j', (words, expected) => {
  expect(asksForJson(words.split(' '))).toBe(expected);
});

it.each<[string, string, boolean, boolean]>([
  ['win32', 'run', false, true],
  ['win32', 'db', false, true],
  ['win32', 'exec', true, false],
  ['win32', 'up', false, false],
  ['win32', 'decouple', false, false],
  ['linux', 'run', false, false],
])(
  'on %s devsetup %s, in the container: %j, is refused with where it runs: %j',
  (platform, command, inside, expected) => {
    const mistake = windowsMistake(platform, command, inside);
    expect(mistake?.hint?.includes('WSL') ?? false).toBe(expected);
  },
);
