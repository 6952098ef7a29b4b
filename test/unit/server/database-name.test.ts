import { expect, test } from 'vitest';

import { databaseName } from '../../../src/server/database-name.ts';

test.each([
  ['/home/me/lending', 'lending'],
  ['/home/me/My Library (2)', 'my_library_2'],
  ['/home/me/Bücher-Laden', 'bu_cher_laden'],
  ['/home/me/2nd-try', 'app_2nd_try'],
  ['/home/me/postgres', 'app_postgres'],
  ['/home/me/図書館', 'app'],
  ['/', 'app'],
  [`/home/me/${'long'.repeat(40)}`, 'long'.repeat(40).slice(0, 63)],
])('a project in %s has the database %s', (root, name) => {
  expect(databaseName(root)).toBe(name);
});
