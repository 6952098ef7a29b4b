import { expect, test } from 'vitest';

import { creationStatements, parseStartOptions } from '../../../src/postgres/named-objects.ts';
import { targetOf } from '../../support/database-target.ts';

test.each([
  ['-c search_path=app,public', ['app'], null],
  ['-c search_path="Mixed\\ ""Case",app -c role=web', ['Mixed "Case', 'app'], 'web'],
  ['--search-path=App -crole=web', ['app'], 'web'],
  ['-c statement_timeout=5 -c search_path="$user",pg_catalog', [], null],
  ['-c role=none', [], null],
  ['', [], null],
])('reads the names in %s', (options, searchPath, role) => {
  expect(parseStartOptions(options)).toEqual({ searchPath, role });
});

test('names are quoted, and the role that connections change to may use what is created', () => {
  const target = targetOf('postgresql://dev@localhost/shop');
  const role = { name: 'web', exists: false, isGranted: false, isMember: false, hasRights: false };
  expect(creationStatements(target, { schemas: ['a"b'], role }, 'web')).toEqual([
    'CREATE ROLE "web"',
    'GRANT "web" TO "dev"',
    'GRANT CREATE ON DATABASE "shop" TO "web"',
    'GRANT USAGE, CREATE ON SCHEMA public TO "web"',
    'CREATE SCHEMA IF NOT EXISTS "a""b"',
    'GRANT USAGE, CREATE ON SCHEMA "a""b" TO "web"',
  ]);
});
