import { expect, test } from 'vitest';

import { demoEnvironment, demoVariables } from '../../../src/demo/demo-environment.ts';

test('what belongs to the user’s own project does not reach the demo', () => {
  const env = {
    PATH: '/usr/bin',
    PIP_INDEX_URL: 'https://packages.example/simple',
    DATABASE_URL: 'postgresql://somebody@elsewhere/production',
    DB_HOST: 'elsewhere',
    DJANGO_SETTINGS_MODULE: 'shop.settings',
    PGSSLMODE: 'verify-full',
    VIRTUAL_ENV: '/home/somebody/shop/.venv',
    UNSET: undefined,
  };
  expect(demoEnvironment(env, { DATABASE_URL: 'the demo’s' })).toEqual({
    PATH: '/usr/bin',
    PIP_INDEX_URL: 'https://packages.example/simple',
    DATABASE_URL: 'the demo’s',
  });
});

test('the demo has a database of its own on its server', () => {
  const variables = demoVariables({
    url: 'postgresql://postgres:p%40ss@127.0.0.1:5499/postgres',
    superuserPassword: 'x',
  });
  expect(variables['DATABASE_URL']).toBe('postgresql://postgres:p%40ss@127.0.0.1:5499/lending');
});
