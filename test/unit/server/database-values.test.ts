import { describe, expect, test } from 'vitest';

import { targetOf } from '../../../src/server/ask-server.ts';
import { databaseValues, type DatabaseVariable } from '../../../src/server/database-values.ts';

const target = targetOf({ port: 5433, password: 'p w' }, 'lending');
const values = (variables: readonly DatabaseVariable[], current: Readonly<Record<string, string>> = {}) =>
  databaseValues({
    target,
    actualName: 'lending',
    variables,
    urlVariable: 'DATABASE_URL',
    engine: 'django_tenants.postgresql_backend',
    current: (name) => current[name],
  });

describe('the environment of a project', () => {
  test('names the database by the URL, and for psql', () => {
    expect(values([])).toEqual({
      DATABASE_URL: 'postgresql://postgres:p%20w@127.0.0.1:5433/lending',
      PGHOST: '127.0.0.1',
      PGPORT: '5433',
      PGUSER: 'postgres',
      PGPASSWORD: 'p w',
      PGDATABASE: 'lending',
    });
  });

  test('names it by the variables of the settings, too', () => {
    const found = values([
      { name: 'APP_DB_HOST', role: 'host' },
      { name: 'POSTGRES_DB', role: 'name' },
      { name: 'DB_PASS', role: 'password' },
    ]);
    expect(found).toMatchObject({ APP_DB_HOST: '127.0.0.1', POSTGRES_DB: 'lending', DB_PASS: 'p w' });
  });

  test.each([
    [undefined, 'django_tenants.postgresql_backend'],
    ['django.db.backends.sqlite3', 'django_tenants.postgresql_backend'],
    ['sqlite3', 'postgresql'],
    ['my_app.postgis_backend', undefined],
    ['postgresql', undefined],
  ])('with the engine %s sets %s', (current, engine) => {
    const found = values([{ name: 'DB_ENGINE', role: 'engine' }], current === undefined ? {} : { DB_ENGINE: current });
    expect(found['DB_ENGINE']).toBe(engine);
  });
});
