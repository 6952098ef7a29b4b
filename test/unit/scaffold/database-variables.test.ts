import { describe, expect, it } from 'vitest';

import { databaseVariables } from '../../../src/scaffold/look/database-variables.ts';

describe('databaseVariables', () => {
  it.each([
    ['DB_HOST', 'host'],
    ['POSTGRES_HOSTNAME', 'host'],
    ['PGHOST', 'host'],
    ['DBHOST', 'host'],
    ['RDS_PORT', 'port'],
    ['DB_NAME', 'name'],
    ['POSTGRES_DB', 'name'],
    ['POSTGRES_DB_NAME', 'name'],
    ['SQL_DATABASE', 'name'],
    ['PGDATABASE', 'name'],
    ['MYAPP_DB_USER', 'user'],
    ['DATABASE_USERNAME', 'user'],
    ['DB_PASS', 'password'],
    ['DATABASE_PASSWORD', 'password'],
    ['DATABASE_URL', 'url'],
    ['DEFAULT_DATABASE_URL', 'url'],
    ['DJANGO_DB_DSN', 'url'],
    ['SQL_ENGINE', 'engine'],
  ])('%s is its %s', (name, role) => {
    expect(databaseVariables([name])).toEqual([{ name, role }]);
  });

  it.each([
    'SECRET_KEY',
    'REDIS_DB',
    'REDIS_HOST',
    'MYSQL_HOST',
    'TEST_DATABASE_URL',
    'REPLICA_DB_HOST',
    'LEGACY_DATABASE_URL',
    'DB_CONN_MAX_AGE',
    'DB_SSLMODE',
    'DATABASE_POOL_PORT_RANGE',
    'DEBUG',
    'EMAIL_HOST_PASSWORD',
  ])('%s says nothing about it', (name) => {
    expect(databaseVariables([name])).toEqual([]);
  });

  it('names each once, in the order they are read', () => {
    expect(databaseVariables(['DB_PORT', 'DB_HOST', 'DB_PORT']).map(({ name }) => name)).toEqual([
      'DB_PORT',
      'DB_HOST',
    ]);
  });
});
