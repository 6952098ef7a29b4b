import { expect, test } from 'vitest';

import { asTyped, repeatCommand, typedAs, type Start } from '../../../src/commands/typed-commands.ts';

const INSTALLED = '/shop/node_modules/django-devsetup/dist/cli.js';
const START: Start = {
  argv: ['node', '/shop/node_modules/.bin/devsetup'],
  cwd: '/shop/backend',
  env: {},
  cli: INSTALLED,
};

test.each([
  [{}, 'npx devsetup'],
  [{ cli: '/srv/devsetup/dist/cli.js' }, 'npx devsetup'],
  [{ cwd: '/other', env: { npm_command: 'exec' } }, 'npx devsetup'],
  [{ cwd: '/other', argv: ['node', '/usr/bin/devsetup'], env: { PATH: '/bin:/usr/bin' } }, 'devsetup'],
  [{ cwd: '/other' }, `node ${INSTALLED}`],
  [{ cwd: '/shop2' }, `node ${INSTALLED}`],
] as const)('devsetup is typed as it can be found from there: %j', (changed, typed) => {
  expect(typedAs({ ...START, ...changed })).toBe(typed);
});

test('a run is repeated as it was typed', () => {
  const argv = ['node', 'cli.js', '--db', 'embedded', '--project', 'my shop', '--verbose'];
  expect(repeatCommand(argv)).toBe("npx devsetup --db embedded --project 'my shop'");
  expect(repeatCommand(argv, ['--db'])).toBe("npx devsetup --project 'my shop'");
  expect(repeatCommand(['node', 'cli.js', '--db=embedded', '--force'], ['--db'])).toBe('npx devsetup --force');
});

test.each([
  [
    '`npx devsetup --only backend-dependencies --force`.',
    '`npx devsetup --db embedded --only backend-dependencies --force`.',
  ],
  ['  npx devsetup\n', '  npx devsetup --db embedded\n'],
  ['run `npx devsetup doctor`', 'run `npx devsetup doctor --db embedded`'],
  ['  npx devsetup --db embedded\n', '  npx devsetup --db embedded\n'],
  ['`npx devsetup doctor --db embedded`', '`npx devsetup doctor --db embedded`'],
  ['run npx devsetup in that folder', 'run npx devsetup in that folder'],
  ['eval "$(npx devsetup db env)"', 'eval "$(npx devsetup db env)"'],
  ['the npx devsetup-like tool', 'the npx devsetup-like tool'],
])('a printed command keeps the flags of the run: %j', (text, typed) => {
  expect(asTyped(text, { db: 'embedded' }, START)).toBe(typed);
});

test('a printed command names the checkout and the configuration, too', () => {
  expect(asTyped('`npx devsetup`', { project: 'my shop', config: 'x.jsonc' }, START)).toBe(
    "`npx devsetup --project 'my shop' --config x.jsonc`",
  );
  expect(asTyped('`npx devsetup`', {}, { ...START, cwd: '/other' })).toBe(`\`node ${INSTALLED}\``);
});
