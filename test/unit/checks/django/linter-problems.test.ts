import { expect, test } from 'vitest';

import { linterProblems, type LinterFacts } from '../../../../src/checks/django/linter-problems.ts';

const FACTS: LinterFacts = { isInstalled: false, shared: ['customers', 'accounts'], tenant: ['orders', 'accounts'] };

const problems = (text: string, facts: Partial<LinterFacts> = {}) =>
  linterProblems([{ file: 'Makefile', text }], { ...FACTS, ...facts });

test.each([
  ['sqlmigrate fed to squawk', 'lint:\n\tpython manage.py sqlmigrate $(APP) $(NAME) | squawk\n', 2],
  ['a tenant app that is written out', 'python manage.py sqlmigrate orders 0007 > a.sql\nsqlfluff lint a.sql', 1],
  ['an app in both lists', 'python manage.py sqlmigrate accounts 0007 > a.sql\nsqlfluff lint a.sql', 1],
  ['lintmigrations', '\n\npython manage.py lintmigrations', 3],
  ['makemigrations --lint', 'python manage.py makemigrations --lint', 1],
])('%s', (_, text, line) => {
  expect(problems(text)).toMatchObject([{ code: 'migration-linter-blind', place: { file: 'Makefile', line } }]);
});

test.each([
  ['inside a tenant', 'python manage.py tenant_command sqlmigrate orders 0007 --schema guest | squawk'],
  [
    "inside a tenant, by the project's own variable",
    'export PGOPTIONS="-c search_path=guest"\nmanage.py sqlmigrate orders 1 | squawk',
  ],
  ['a shared app that is written out', 'python manage.py sqlmigrate customers 0007 | squawk'],
  ['for reading', 'python manage.py sqlmigrate orders 0007'],
  ['in a comment', '# manage.py sqlmigrate orders 0007 | squawk\nsquawk --version'],
  ['a linter of SQL that is written by hand', 'squawk sql/*.sql'],
  ['lintmigrations inside a tenant', 'python manage.py tenant_command lintmigrations --schema guest'],
])('%s: nothing to say', (_, text) => {
  expect(problems(text)).toEqual([]);
});

test('django-migration-linter in INSTALLED_APPS counts by itself, unless it is run inside a tenant somewhere', () => {
  expect(linterProblems([], { ...FACTS, isInstalled: true })).toHaveLength(1);
  expect(problems('manage.py tenant_command lintmigrations --schema guest', { isInstalled: true })).toEqual([]);
});

test('without tenant apps there is nothing to miss', () => {
  expect(problems('python manage.py lintmigrations', { tenant: [] })).toEqual([]);
});
