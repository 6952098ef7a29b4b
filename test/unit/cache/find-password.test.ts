import { describe, expect, it } from 'vitest';

import { findPasswordSource, readPassword } from '../../../src/cache/find-password.ts';

describe('findPasswordSource', () => {
  it.each([
    ['a variable of its own', { DB_PASSWORD: 'p@ss' }, 'p@ss', { kind: 'variable', name: 'DB_PASSWORD' }],
    ['a URL', { DATABASE_URL: 'postgres://me:p%40ss@db/x' }, 'p@ss', { kind: 'url', name: 'DATABASE_URL' }],
    ['none', { HOME: '/root' }, '', { kind: 'none' }],
    ['written into the settings', { HOME: '/root' }, 'p@ss', null],
    ['beside URLs of other things', { SITE: 'https://x.example/?a=b', BROKEN: 'postgres://' }, 'p@ss', null],
  ])('%s', (_, env, password, expected) => {
    const source = findPasswordSource(password, env);
    expect(source).toEqual(expected);
    if (source !== null) expect(readPassword(source, env)).toBe(password);
  });

  it('finds nothing where the variable is gone', () => {
    expect(readPassword({ kind: 'variable', name: 'DB_PASSWORD' }, {})).toBeUndefined();
    expect(readPassword({ kind: 'url', name: 'DATABASE_URL' }, {})).toBeUndefined();
  });
});
