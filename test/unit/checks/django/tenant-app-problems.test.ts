import { expect, test } from 'vitest';

import { tenantAppProblems } from '../../../../src/checks/django/tenant-app-problems.ts';
import type { AppLists } from '../../../../src/django/examination.ts';

const CONTRIB = ['contenttypes', 'auth', 'admin', 'accounts'];
const FACTS = { userApp: 'accounts', ownApps: ['accounts', 'customers', 'orders'] };

const lists = (more: Partial<AppLists>): AppLists => ({
  shared: ['customers', ...CONTRIB],
  tenant: ['orders'],
  withTables: [...CONTRIB, 'customers', 'orders'],
  stranded: [],
  tenantsServeAdmin: true,
  ...more,
});

const codes = (more: Partial<AppLists>): readonly string[] =>
  tenantAppProblems(lists(more), FACTS).map(({ code }) => code);

test.each<[string, Partial<AppLists>]>([
  ['users are shared', {}],
  ['users are in both, with all that belongs to them', { tenant: [...CONTRIB, 'orders'] }],
  ['users are in tenants', { shared: ['customers'], tenant: [...CONTRIB, 'orders'] }],
  [
    'users are in both, and tenants have no admin',
    { tenant: ['accounts', 'auth', 'contenttypes', 'orders'], tenantsServeAdmin: false },
  ],
])('%s: fine', (_, more) => {
  expect(codes(more)).toEqual([]);
});

test('users in both lists, the admin in one', () => {
  expect(codes({ tenant: ['accounts', 'auth', 'contenttypes', 'orders'] })).toEqual(['admin-log-apart']);
});

test('content types in both lists, permissions in one', () => {
  expect(codes({ tenant: ['contenttypes', 'orders'] })).toEqual(['content-types-apart']);
});

test('an app that is in no list, and is not a package', () => {
  expect(codes({ tenant: [], withTables: [...CONTRIB, 'customers', 'orders', 'oauth2_provider'] })).toEqual([
    'app-in-no-list',
  ]);
});

test('one finding an app that is referred to', () => {
  const problems = tenantAppProblems(
    lists({
      stranded: [
        { field: 'auth.Permission.content_type', to: 'contenttypes.ContentType' },
        { field: 'admin.LogEntry.content_type', to: 'contenttypes.ContentType' },
      ],
    }),
    FACTS,
  );
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toContain('(of auth, admin)');
});
