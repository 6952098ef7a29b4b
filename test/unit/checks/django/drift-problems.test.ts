import { expect, test } from 'vitest';

import { driftProblems } from '../../../../src/checks/django/drift-problems.ts';

const FEE = { app: 'fees', model: 'Fee', table: 'fees_fee', columns: ['paid_on'], schemas: ['north', 'south'] };

test('names table, columns and schemas', () => {
  const [problem] = driftProblems([FEE]);
  expect(problem?.message).toBe(
    'The table fees_fee (Fee) lacks the column paid_on in schemas north, south, and yet those migrations are recorded as applied.',
  );
});

test('an app whose tables are all missing is one finding, with the way to make them', () => {
  const tables = ['a', 'b', 'c'].map((table) => ({ ...FEE, table, columns: [], schemas: [null] }));
  const problems = driftProblems(tables);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toMatch(/^3 tables of fees lack/);
  expect(problems[0]?.evidence).toHaveLength(3);
  expect(problems[0]?.remedy.text).toContain('migrate fees zero --fake');
});

test('other schemas are another finding', () => {
  expect(driftProblems([FEE, { ...FEE, table: 'fees_rate', schemas: ['north'] }])).toHaveLength(2);
});
