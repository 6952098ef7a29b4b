import { expect, test } from 'vitest';

import { driftProblems } from '../../../../src/checks/django/drift-problems.ts';

const FEE = { app: 'fees', model: 'Fee', table: 'fees_fee', columns: ['paid_on'], schemas: ['north', 'south'] };

test('names table, columns and schemas', () => {
  const [problem] = driftProblems([FEE], 'public');
  expect(problem?.message).toBe(
    'The table fees_fee (Fee) lacks the column paid_on in schemas north, south, and yet those migrations are recorded as applied.',
  );
});

test('an app whose tables are all missing is one finding, with the way to make them', () => {
  const tables = ['a', 'b', 'c'].map((table) => ({ ...FEE, table, columns: [], schemas: [null] }));
  const problems = driftProblems(tables, null);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toMatch(/^3 tables of fees lack/);
  expect(problems[0]?.evidence).toHaveLength(3);
  expect(problems[0]?.remedy.command).toBe('npx devsetup --create-missing-tables');
});

test('other schemas are another finding', () => {
  expect(driftProblems([FEE, { ...FEE, table: 'fees_rate', schemas: ['north'] }], 'public')).toHaveLength(2);
});

test('the command for missing tables names the tenants that lack them, and a missing column is not part of it', () => {
  const [column, table] = driftProblems(
    [FEE, { ...FEE, table: 'fees_rate', columns: [], schemas: ['public', 'north'] }],
    'public',
  );
  expect(column?.remedy.command).toBeNull();
  expect(table?.remedy.command).toBe('npx devsetup --create-missing-tables --only-tenants north');
});

test('an app that tenants may have used in the public schema before comes with what devsetup does not copy', () => {
  const tables = ['a', 'b'].map((table) => ({ ...FEE, table, columns: [], schemas: ['north'] }));
  expect(driftProblems(tables, 'public')[0]?.remedy.text).toMatch(/copy what each tenant needs\. Foreign keys/);
  expect(driftProblems(tables.slice(0, 1), 'public')[0]?.remedy.text).not.toContain('copy');
});
