import { expect, test } from 'vitest';

import { nameConfiguration } from '../../../src/config/name-configuration.ts';

const HINT = 'Add "envFiles": [".env"] to the configuration, or write it into devsetup.config.jsonc.';

test.each([
  [null, 'Add "envFiles": [".env"] to devsetup.config.jsonc, or write it into devsetup.config.jsonc.'],
  [
    '/app/devsetup.config.json',
    'Add "envFiles": [".env"] to devsetup.config.json, or write it into devsetup.config.json.',
  ],
  [
    '/app/package.json',
    'Add "envFiles": [".env"] to "devsetup" in package.json, or write it into "devsetup" in package.json.',
  ],
])('a hint names the file to write to: %s', (file, wanted) => {
  expect(nameConfiguration(HINT, file)).toBe(wanted);
});

test('a hint about the configuration of another program keeps its words', () => {
  const hint = 'Correct it in the configuration of Poetry, or in the configuration file of pip.';
  expect(nameConfiguration(hint, null)).toBe(hint);
});
