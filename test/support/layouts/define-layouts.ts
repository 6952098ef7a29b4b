import { describe, test } from 'vitest';

import { sampleOf } from '../thoroughness.ts';
import { tryLayout, type LayoutRow } from './try-layout.ts';

const AT_ONCE = 2;

/** One test a row, two at a time. */
export const defineLayouts = (title: string, rows: readonly LayoutRow[]): void => {
  const waiting: (() => void)[] = [];
  let free = AT_ONCE;
  const withTurn = async (work: () => Promise<void>): Promise<void> => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
  describe.concurrent(`${title}`, () => {
    for (const row of sampleOf(rows, 6)) {
      // oxlint-disable-next-line vitest/expect-expect -- tryLayout asserts
      test(`${row.name}`, () => withTurn(() => tryLayout(row)));
    }
  });
};
