import { expect, test } from 'vitest';

import { openDoctorSite } from './support/healthy-site.ts';

test('a healthy checkout gives no finding at all, and costs one start of Django', async () => {
  const site = await openDoctorSite();
  try {
    const run = await site.doctor(['--strict']);
    expect(run.report.checks.filter(({ status }) => status === 'findings' || status === 'could-not-check')).toEqual([]);
    expect(run.report.outcome).toBe('healthy');
    expect(run.exitCode).toBe(0);
    expect(run.report.djangoStarts).toBe(1);
  } finally {
    await site.remove();
  }
});
