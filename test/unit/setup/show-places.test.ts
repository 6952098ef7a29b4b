import { expect, test } from 'vitest';

import { createRedactor } from '../../../src/core/redact.ts';
import { showPlaces } from '../../../src/setup/show-places.ts';

const shown = (url: string, secret: string): string => {
  const redactor = createRedactor([secret]);
  showPlaces(redactor, {
    root: '/nowhere/shop',
    project: null,
    state: { directory: '/nowhere/state' },
    config: { database: { urlVariable: 'DATABASE_URL' } },
    environment: { get: () => url },
  });
  return redactor.redact(`DATABASE_URL comes from .env: ${url}`).replace('DATABASE_URL comes from .env: ', '');
};

test.each([
  [
    'role, database and host named like the password',
    'postgres://shop:shop@shop:5432/shop',
    'shop',
    'postgres://shop:***@shop:5432/shop',
  ],
  ['a token in the place of a role', 'postgres://token-of-mine@db/app', 'token-of-mine', 'postgres://***@db/app'],
  ['what cannot be read as a URL', 'postgres://shop:sh@op@db:x/app', 'sh@op', 'postgres://shop:***@db:x/app'],
])('of a database URL the names are shown, before Django has said what they are: %s', (_, url, secret, text) => {
  expect(shown(url, secret)).toBe(text);
});
