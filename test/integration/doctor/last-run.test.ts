import { expect, test } from 'vitest';

import { LAST_RUN_ROWS } from './rows/last-run.ts';
import { openDoctorSite } from './support/healthy-site.ts';
import { testRows } from './support/row.ts';

testRows(LAST_RUN_ROWS);

test('a run that failed is no finding once all is in place, by whatever means', async () => {
  const site = await openDoctorSite({ config: { database: { waitSeconds: 1 } } });
  try {
    const failed = await site.run([], { DATABASE_URL: 'postgresql://lending:lending@127.0.0.1:1/lending' });
    expect(failed.exitCode).toBe(1);
    // The database is still missing: one cause is one finding.
    const same = await site.doctor([], { DATABASE_URL: 'postgresql://lending:lending@127.0.0.1:1/lending' });
    expect(same.codes).toEqual(['database-unreachable']);
    const alone = await site.doctor(['--only', 'last-run']);
    expect(alone.codes).toEqual(['last-run-failed']);
    const all = await site.doctor(['--strict']);
    expect(all.codes).toEqual([]);
    expect(all.exitCode).toBe(0);
    expect(all.report.checks.find(({ id }) => id === 'last-run')?.message).toMatch(/^all is in place by now: .*failed/);
  } finally {
    await site.remove();
  }
});
