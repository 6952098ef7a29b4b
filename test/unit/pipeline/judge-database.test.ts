import { describe, expect, it, test } from 'vitest';

import { judgeSettings, judgeVariables } from '../../../src/pipeline/judge-database.ts';
import { judgeUrl, judgeValue } from '../../../src/pipeline/judge-value.ts';

test.each([
  ['', 'empty'],
  [' \n', 'empty'],
  ['***', 'masked'],
  ['******', 'masked'],
  ['*', null],
  ['${{ secrets.X }}', 'unexpanded'],
  ['${{secrets.X}}', 'unexpanded'],
  ['${DB_HOST}', 'unexpanded'],
  ['${DB_HOST:-db}', 'unexpanded'],
  ['$DB_HOST', 'unexpanded'],
  ['%DB_HOST%', 'unexpanded'],
  ['$ecret-horse', null],
  ['pa$$WORD', null],
  ['$Ab1', null],
  ['a***b', null],
])('the value %j: %s', (value, fault) => {
  expect(judgeValue(value)).toBe(fault);
});

test.each([
  ['postgres://u:p@h:5432/d', null],
  ['postgres://u:p$X@h/d', null],
  ['postgres://u:p%24X@h/d?sslmode=require', null],
  ['postgres:///d', null],
  ['postgres://u@/d?host=/run/postgresql', null],
  ['sqlite:///db.sqlite3', null],
  ['postgres://u:p@[::1]:5432/d', null],
  ['postgres://u:***@h/d', 'masked'],
  ['postgres://***:***@h/d', 'masked'],
  ['postgres://u:p@***:5432/d', 'masked'],
  ['postgres://u:p@h/***', 'masked'],
  ['***', 'masked'],
  ['postgres://u:$DB_PASSWORD@h/d', 'unexpanded'],
  ['postgres://${DB_USER}:p@h/d', 'unexpanded'],
  ['postgres://u:p@$DB_HOST:5432/d', 'unexpanded'],
  ['postgres://u:p@${DB_HOST}/d', 'unexpanded'],
  ['postgres://u:p@h/$DB_NAME', 'unexpanded'],
  ['postgres://u:p@h/${DB_NAME}?sslmode=require', 'unexpanded'],
  ['postgres://u:${{ secrets.P }}@h/d', 'unexpanded'],
  ['', 'empty'],
])('the URL %j: %s', (url, fault) => {
  expect(judgeUrl(url)).toBe(fault);
});

describe('variables', () => {
  it('are judged by the names projects use, an empty one of them is left to the settings', () => {
    const found = judgeVariables(
      {
        DATABASE_URL: 'postgres://u:p@h/d',
        DB_HOST: '',
        POSTGRES_PASSWORD: '***',
        APP_DB_NAME: '$NAME',
        SECRET_KEY: '***',
        DB_PORT: '***',
      },
      'DATABASE_URL',
    );
    expect(found).toEqual([
      { variable: 'POSTGRES_PASSWORD', setting: null, fault: 'masked' },
      { variable: 'APP_DB_NAME', setting: null, fault: 'unexpanded' },
    ]);
  });

  it('that are not set are no fault: the settings may have others', () => {
    expect(judgeVariables({}, 'DATABASE_URL')).toEqual([]);
  });
});

describe('settings', () => {
  const good = { host: 'h', name: 'd', user: 'u', password: 'p' };

  it('that are empty are a fault where an empty variable explains it', () => {
    expect(judgeSettings({ ...good, password: '' }, { DB_PASSWORD: '' })).toEqual([
      { variable: 'DB_PASSWORD', setting: 'PASSWORD', fault: 'empty' },
    ]);
    expect(judgeSettings({ ...good, password: '' }, {})).toEqual([]);
    expect(judgeSettings({ ...good, host: '' }, { DB_PASSWORD: '' })).toEqual([]);
  });

  it('that are masked or unexpanded are one in any case', () => {
    expect(judgeSettings({ ...good, host: '${HOST}' }, { SQL_HOST: '${HOST}' })).toEqual([
      { variable: 'SQL_HOST', setting: 'HOST', fault: 'unexpanded' },
    ]);
    expect(judgeSettings({ ...good, password: '***' }, {})).toEqual([
      { variable: null, setting: 'PASSWORD', fault: 'masked' },
    ]);
  });
});
