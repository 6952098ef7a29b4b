import { expect, test } from 'vitest';

import { unsupportedDjango } from '../../../src/setup/start-problem.ts';

test.each(['4.2', '4.2.16', '5.0', '5.2.1', '6.1a1', '10.0'])('Django %s is supported', (version) => {
  expect(unsupportedDjango(version)).toBeNull();
});

test.each(['1.11.29', '2.2', '3.2.25', '4.0', '4.1.13'])(
  'Django %s is named as older than the oldest supported',
  (version) => {
    expect(unsupportedDjango(version)).toBe(
      `Django ${version} is not supported: devsetup supports 4.2 and later. It may work.`,
    );
  },
);
