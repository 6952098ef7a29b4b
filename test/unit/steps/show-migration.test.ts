import { describe, expect, it } from 'vitest';

import { SILENT } from '../../../src/core/step.ts';
import type { MigrationStarted } from '../../../src/django/protocol.ts';
import { showFleet, showMigration } from '../../../src/steps/show-migration.ts';

const collect = () => {
  const texts: string[] = [];
  return { texts, progress: { ...SILENT, update: (text: string) => void texts.push(text) } };
};

const started = (schema: string | null, number: number, total: number | null = 99): MigrationStarted => ({
  kind: 'migration-started',
  schema,
  migration: `shop.000${number}_price`,
  atomic: true,
  number,
  total,
});

describe('the migration that is being applied', () => {
  it('is shown with its number, the total where that is known, and the schema where there is one', () => {
    const { texts, progress } = collect();
    const done = { kind: 'migration', faked: false, seconds: 1 } as const;
    showMigration(progress, started(null, 2));
    showMigration(progress, { ...started('guest', 2), ...done });
    showMigration(progress, started('guest', 3, null));
    showMigration(progress, { ...started('guest', 9, 9), ...done });
    expect(texts).toEqual([
      'migration 2 of 99, shop.0002_price',
      'guest: migration 3, shop.0003_price',
      'guest: 9 migrations applied',
    ]);
  });

  it.each([
    ['of the only tenant stands alone', 1, ['guest', 'guest: migration 2 of 99, shop.0002_price']],
    ['of few tenants stands beside the count', 3, ['0/3 · guest', '0/3 · guest: migration 2 of 99, shop.0002_price']],
    ['of many tenants is left out', 900, ['0/900']],
  ])('%s', (_, total, expected) => {
    const { texts, progress } = collect();
    const show = showFleet(progress);
    show.fleet({ done: 0, failed: 0, total, active: ['guest'] });
    show.migration(started('guest', 2));
    expect(texts).toEqual(expected);
  });
});
