import { describe, expect, it } from 'vitest';

import { typedDevsetup } from '../../../src/demo/typed-devsetup.ts';

const INSTALLED = '/srv/shop/node_modules/django-devsetup/dist/cli.js';

describe('devsetup is typed', () => {
  it.each([
    ['in the project it is installed in', INSTALLED, '/srv/shop'],
    ['below it', INSTALLED, '/srv/shop/devsetup-demo'],
    [
      'as pnpm installs it',
      '/srv/shop/node_modules/.pnpm/django-devsetup@1.0.0/node_modules/django-devsetup/dist/cli.js',
      '/srv/shop/demo',
    ],
  ])('by name %s', (_, cli, directory) => {
    expect(typedDevsetup(cli, directory)).toBe('npx --no-install devsetup');
  });

  it.each([
    ['elsewhere', INSTALLED, '/srv/shopping'],
    ['from a checkout', '/srv/devsetup/dist/cli.js', '/srv/devsetup/.demo'],
    ['installed globally', '/usr/lib/node_modules/django-devsetup/dist/cli.js', '/home/me/demo'],
  ])('by path %s', (_, cli, directory) => {
    expect(typedDevsetup(cli, directory)).toBe(`node ${cli}`);
  });

  it('by the name of the package where npx has fetched it', () => {
    const fetched = '/home/me/.npm/_npx/0c1f/node_modules/django-devsetup/dist/cli.js';
    expect(typedDevsetup(fetched, '/home/me/demo')).toBe('npx django-devsetup');
  });

  it('with quotes where the path needs them', () => {
    expect(typedDevsetup('/srv/my tools/dist/cli.js', '/srv')).toBe("node '/srv/my tools/dist/cli.js'");
  });
});
