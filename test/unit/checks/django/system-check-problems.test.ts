import { expect, test } from 'vitest';

import { systemCheckProblems } from '../../../../src/checks/django/system-check-problems.ts';
import type { SystemCheckMessage } from '../../../../src/django/examination.ts';

const message = (more: Partial<SystemCheckMessage>): SystemCheckMessage => ({
  id: 'models.W042',
  level: 30,
  message: 'Auto-created primary key used.',
  hint: 'Configure DEFAULT_AUTO_FIELD.',
  object: 'orders.Order',
  ...more,
});

test('one finding an identifier, errors first', () => {
  const problems = systemCheckProblems(
    [
      message({}),
      message({ object: 'orders.Line' }),
      message({ id: 'admin.E108', level: 40, object: null, hint: null }),
    ],
    ['orders'],
  );
  expect(problems.map(({ code }) => code)).toEqual(['system-check-failed', 'system-check-warning']);
  expect(problems[1]).toMatchObject({
    message: 'models.W042: Auto-created primary key used.',
    evidence: ['orders.Order, orders.Line'],
    remedy: { text: expect.stringContaining('SILENCED_SYSTEM_CHECKS = ["models.W042"]') },
  });
});

test('errors have no silencing in the remedy', () => {
  const [problem] = systemCheckProblems([message({ level: 50, hint: null })], ['orders']);
  expect(problem?.remedy.text).toBe('Mend what it names.');
});

test('warnings about the models of packages are left out, errors are not', () => {
  const ofPackage = { object: 'oauth2_provider.Grant' };
  expect(systemCheckProblems([message(ofPackage)], ['orders'])).toEqual([]);
  expect(systemCheckProblems([message({ ...ofPackage, level: 40 })], ['orders'])).toHaveLength(1);
});

test('what is below a warning is left out', () => {
  expect(systemCheckProblems([message({ level: 20 })], ['orders'])).toEqual([]);
});
