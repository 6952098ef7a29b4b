import { expect, test } from 'vitest';

import type { Inspection } from '../../../src/django/protocol.ts';
import { doctorKnows } from '../../../src/steps/orphaned-migrations.ts';

const inspection = (changed: readonly string[], orphaned: readonly string[] = []): Inspection =>
  ({
    shared: { schema: 'public', orphaned },
    groups: [],
    tenants: null,
    unmigratedApps: [],
    ownApps: ['shop'],
    squashes: [],
    modelChanges: changed.map((app) => ({ app, own: true, changes: [] })),
  }) as unknown as Inspection;

test.each([
  [inspection([]), []],
  [inspection(['shop']), ['the models of shop have changes that no migration makes. More: npx devsetup doctor.']],
  [
    inspection(['a', 'b', 'c', 'd', 'e'], ['shop.0002_x', 'shop.0003_y']),
    [
      'shop.0002_x, shop.0003_y are applied and not in the code: was the branch switched? More: npx devsetup doctor.',
      'the models of a, b, c and 2 more have changes that no migration makes. More: npx devsetup doctor.',
    ],
  ],
])('%# what is worth knowing is one warning for each kind, however many apps it concerns', (found, expected) => {
  expect(doctorKnows(found, {})).toEqual(expected);
});
